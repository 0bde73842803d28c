"""Files and typed-in registers: what is taken, what is not, and who wins."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import msgspec
import pytest

from nxforge_consumption_monitor import routes
from nxforge_consumption_monitor.imports import (
    EmptyFileError,
    ImportTextError,
    TypedReading,
    UnclearTargetError,
    UnknownColumnError,
    UnknownTargetError,
)
from nxforge_core.api import InvalidInputError

_USER: Final = SimpleNamespace(name="anna")
_DATA: Final = Path(__file__).parents[5] / "shared" / "fixtures" / "data"
_STORED: Final = """
select ts, trim_scale(register_kwh) as register_kwh, quality, source, entered_by
from reading where channel = 'total' order by ts
"""


async def _send(
    monitor: Any, body: str | bytes, *, dry_run: bool = False, **query: str
) -> Any:
    """Send a file as the body."""
    raw = body.encode() if isinstance(body, str) else body

    async def read() -> bytes:
        return raw

    request: Any = SimpleNamespace(
        user=_USER, body=read, headers={"content-type": "text/csv"}, query_params=query
    )
    return await routes.import_file(monitor.ctx, request, dry_run=dry_run)


async def _stored(monitor: Any) -> list[tuple[Any, ...]]:
    return [tuple(row)[1:4] for row in await monitor.pool.fetch(_STORED)]


def _counts(answer: Any) -> tuple[int, ...]:
    result = answer.result
    return (
        result.rows,
        result.inserted,
        result.duplicate,
        result.conflict,
        result.rejected,
    )


async def test_real_month_equals_the_expected_days(monitor: Any) -> None:
    """October 2021 of a British house, imported, is right to the last digit."""
    if not _DATA.exists():
        pytest.skip("the captured data lie beside the project only")
    view = await monitor.add("a", interval_s=3600, tz="Europe/London")
    text = (_DATA / "uk_hourly_register_2021-10_derived.csv").read_text("utf-8")
    answer = await _send(monitor, text, endpoint="a")
    assert _counts(answer) == (746, 746, 0, 0, 0)
    rows = await monitor.pool.fetch(
        "select start_ts, energy_kwh from rollup where grain = 'day'"
        " and endpoint_id = $1 order by start_ts",
        view.id,
    )
    expected = (_DATA / "uk_hourly_register_2021-10_expected_daily.csv").open()
    with expected:
        days = [Decimal(row["energy_kwh"]) for row in csv.DictReader(expected)]
    assert [row["energy_kwh"] for row in rows][: len(days)] == days
    month = await routes.monthly(monitor.ctx, view.id, month="2021-10")
    assert month.consumption == Decimal("116.932")


async def test_file_with_bad_rows_imports_exactly_the_good_ones(monitor: Any) -> None:
    """Each bad row is named by its line and why; the dry run counts the same."""
    await monitor.add("a", interval_s=3600, register_digits=5)
    text = (
        "time;kwh\n"
        "2025-03-01T00:00Z;100,5\n"
        "yesterday;101\n"
        "2025-03-01T01:00Z;x x x\n"
        "2025-03-01T02:00Z;1,234\n"
        "2031-03-01T02:00Z;102\n"
        "2025-03-01T03:00Z;-5\n"
        "2025-03-01T04:00Z;123456\n"
        "\n"
        "2025-03-01T05:00Z\n"
        "2025-03-01T06:00Z;102,25\n"
        "2025-03-01T06:00Z;102,25\n"
        "2025-03-01T06:00Z;103,25\n"
    )
    tried = await _send(monitor, text, dry_run=True, endpoint="a")
    assert await _stored(monitor) == []
    assert await routes.list_imports(monitor.ctx) == []
    done = await _send(monitor, text, endpoint="a")
    assert _counts(tried) == _counts(done) == (11, 2, 1, 0, 8)
    assert tried.result == done.result
    assert (tried.id, tried.dry_run) == (None, True)
    assert await _stored(monitor) == [
        (Decimal("100.5"), "manual", "import"),
        (Decimal("102.25"), "manual", "import"),
    ]
    reasons = {each.row: each.reason for each in done.result.rejections}
    assert sorted(reasons) == [3, 4, 5, 6, 7, 8, 10, 13]
    assert "1234 or 1.234" in reasons[5]
    assert "future" in reasons[6]
    assert "100000" in reasons[8]
    assert "value is missing" in reasons[10]
    assert await routes.show_import(monitor.ctx, done.id) == done


async def test_same_file_twice_inserts_nothing_and_says_so(monitor: Any) -> None:
    """The second import names the first one; readings and totals are as before."""
    view = await monitor.add("a", interval_s=3600)
    text = "ts,kwh\n2025-03-01T00:00Z,100\n2025-03-01T01:00Z,101.5\n"
    first = await _send(monitor, text, endpoint="a")
    before = await monitor.pool.fetch("select * from reading order by ts")
    for _ in range(2):
        again = await _send(monitor, text, endpoint=view.id)
        assert _counts(again) == (2, 0, 2, 0, 0)
        assert (again.id, again.same_as) == (None, first.id)
        assert again.sha256 == first.sha256
    assert await monitor.pool.fetch("select * from reading order by ts") == before
    longer = text + "2025-03-01T02:00Z,103\n"
    assert _counts(await _send(monitor, longer, endpoint="a")) == (3, 1, 2, 0, 0)


async def test_typed_in_register_wins_over_a_file_and_a_file_over_a_poll(
    monitor: Any,
) -> None:
    """Who loses is kept as superseded, whichever came first."""
    view = await monitor.add("a", interval_s=3600)
    monitor.show("a", "100")
    await monitor.round()
    at = monitor.clock.now()
    monitor.clock.pass_by(hours=1)
    line = f"ts,kwh\n{at.isoformat()},"
    done = await _send(monitor, line + "104", endpoint="a")
    assert (done.result.conflict, done.result.replaced) == (1, 1)
    assert await _stored(monitor) == [(104, "manual", "import")]
    body = TypedReading(
        endpoint="a", timestamp=at, register_kwh=Decimal(105), note="display"
    )
    request: Any = SimpleNamespace(user=_USER)
    typed = await routes.type_in_reading(monitor.ctx, request, body)
    assert (typed.outcome, typed.quality, typed.total_kwh) == (
        "replaced",
        "manual",
        105,
    )
    later = await _send(monitor, line + "106", endpoint="a")
    assert (later.result.conflict, later.result.replaced) == (1, 0)
    assert await _stored(monitor) == [(105, "manual", "manual")]
    lost = await routes.list_superseded(monitor.ctx, view.id)
    assert [(each.register_kwh, each.source, each.superseded_by) for each in lost] == [
        (106, "import", "manual"),
        (104, "import", "manual"),
        (100, "poll", "import"),
    ]
    assert {(each.quality, each.reason) for each in lost} == {
        ("rejected", "superseded")
    }


async def test_hour_that_comes_twice_is_told_apart_by_order(monitor: Any) -> None:
    """Local times before the clocks go back, and the same ones after."""
    await monitor.add("a", interval_s=1800, tz="Europe/Bucharest")
    text = (
        "date,time,register\n"
        "26.10.2024,02:30,9\n"
        "27.10.2024,02:30,10\n27.10.2024,03:00,11\n27.10.2024,03:30,12\n"
        "27.10.2024,03:00,13\n27.10.2024,03:30,14\n27.10.2024,04:00,15\n"
        "30.03.2025,03:30,90\n"
    )
    monitor.clock.pass_by(days=60)
    done = await _send(
        monitor,
        text,
        endpoint="a",
        dateColumn="date",
        timeColumn="time",
        timeFormat="%d.%m.%Y %H:%M",
    )
    assert done.result.repeated_hour == (2, 2)
    assert "came twice" in done.result.notes[0]
    [skipped] = done.result.rejections
    assert (skipped.row, "does not exist" in skipped.reason) == (9, True)
    rows = await monitor.pool.fetch(_STORED)
    first = datetime(2024, 10, 26, 23, 30, tzinfo=UTC)
    gaps = [(row["ts"] - first).total_seconds() / 1800 for row in rows[1:]]
    assert gaps == [0, 1, 2, 3, 4, 5]


async def test_intervals_add_up_behind_the_register_before_them(monitor: Any) -> None:
    """A second file that overlaps the first one brings only what is new."""
    view = await monitor.add("a", interval_s=900)
    rows = [f"2025-03-01T0{n // 4}:{n % 4 * 15:02}Z,0.25" for n in range(12)]
    how = {"endpoint": "a", "kind": "interval", "intervalS": "900", "header": "false"}
    first = await _send(monitor, "\n".join(rows[:8]), startRegister="500", **how)
    assert _counts(first) == (8, 8, 0, 0, 0)
    second = await _send(monitor, "\n".join(rows[4:]), **how)
    assert _counts(second) == (8, 4, 4, 0, 0)
    stored = await _stored(monitor)
    assert (stored[0][0], stored[-1][0], len(stored)) == (500, 503, 13)
    month = await routes.monthly(monitor.ctx, view.id, month="2025-03")
    assert month.consumption == 3


async def test_wrong_files_are_refused_by_name(monitor: Any) -> None:
    """Nothing is guessed: each refusal says what to give instead."""
    await monitor.add("a", external_ref="rack:A1")
    await monitor.add("b", external_ref="rack:A1")
    good = "ts,kwh\n2025-03-01T00:00Z,1\n"
    with pytest.raises(UnclearTargetError, match="a, b"):
        await _send(monitor, good, endpoint="rack:A1")
    with pytest.raises(UnknownTargetError):
        await _send(monitor, good, endpoint="c")
    with pytest.raises(UnknownColumnError, match="'kw'"):
        await _send(monitor, good, endpoint="a", valueColumn="kw")
    with pytest.raises(EmptyFileError):
        await _send(monitor, "ts,kwh\n", endpoint="a")
    with pytest.raises(ImportTextError, match="byte 2"):
        await _send(monitor, b"ts\xff", endpoint="a")
    with pytest.raises(InvalidInputError, match="intervalS"):
        await _send(monitor, good, endpoint="a", kind="interval")
    with pytest.raises(InvalidInputError, match="options"):
        await _send(monitor, good, endpoint="a", decimal="comma")
    assert await monitor.pool.fetchval("select count(*) from reading") == 0


async def test_json_body_is_read_as_the_file_is(monitor: Any) -> None:
    """Text and options in one document."""
    await monitor.add("a")
    raw = msgspec.json.encode(
        {"endpoint": "a", "text": "2025-03-01T00:00Z;1.5 MWh", "unit": "MWh"}
    )

    async def read() -> bytes:
        return raw

    request: Any = SimpleNamespace(
        user=_USER, body=read, headers={"content-type": "application/json"}
    )
    request.query_params = {}
    answer = await routes.import_file(monitor.ctx, request)
    assert _counts(answer) == (1, 1, 0, 0, 0)
    assert await _stored(monitor) == [(1500, "manual", "import")]


async def test_typed_in_register_is_seen_before_it_is_stored(monitor: Any) -> None:
    """The preview says what changes; a wrong one is refused with its bounds."""
    view = await monitor.add("a", interval_s=3600, register_digits=5)
    for register in ("100", "110"):
        monitor.show("a", register)
        await monitor.round()
        monitor.clock.pass_by(hours=1)
    request: Any = SimpleNamespace(user=_USER)
    at = monitor.clock.now()
    body = TypedReading(endpoint=view.id, timestamp=at, register_kwh=Decimal(118))
    seen = await routes.type_in_reading(monitor.ctx, request, body, preview=True)
    assert (seen.stored, seen.total_kwh, len(await _stored(monitor))) == (False, 118, 2)
    assert len(monitor.events.published) == 2
    for field, wrong in (
        ("registerKwh", {"register_kwh": Decimal(100_001)}),
        ("registerKwh", {"register_kwh": Decimal(-1)}),
        ("timestamp", {"timestamp": at.replace(year=2026)}),
        ("timestamp", {"timestamp": at.replace(tzinfo=None)}),
    ):
        with pytest.raises(InvalidInputError) as caught:
            await routes.type_in_reading(
                monitor.ctx, request, msgspec.structs.replace(body, **wrong)
            )
        assert caught.value.field == field
