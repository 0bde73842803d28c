"""Readings marked as bad: they stay stored, count for nothing, and can be put back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, Final

import pytest

from nxforge_consumption_monitor import routes
from nxforge_consumption_monitor.marks import (
    ExcludeBody,
    NoSuchReadingError,
    RestoreBody,
)
from nxforge_core.api import InvalidInputError

_ANNA: Final[Any] = SimpleNamespace(user=SimpleNamespace(name="anna"))
_JUDGED: Final = """
select ts, trim_scale(register_kwh) as register_kwh,
    trim_scale(total_kwh) as total_kwh, quality, reason
from reading where channel = 'total' order by ts
"""
_ROWS: Final = """
select grain, start_ts, trim_scale(energy_kwh) as energy_kwh from rollup
where grain is not null order by grain, start_ts
"""
_STATE: Final = """
select
    (register_state ->> 'v0')::numeric as v0, register_state ->> 't0' as t0,
    (register_state ->> 'total')::numeric as total, ts, register_kwh, total_kwh, quality
from channel_state
"""


async def _read(monitor: Any, registers: list[str], **members: Any) -> Any:
    """One reading an hour of one endpoint."""
    view = await monitor.add("a", interval_s=3600, **members)
    for register in registers:
        monitor.show("a", register)
        await monitor.round()
        monitor.clock.pass_by(hours=1)
    return view


async def _at(monitor: Any, register: int) -> datetime:
    found: datetime = await monitor.pool.fetchval(
        "select ts from reading where register_kwh = $1", register
    )
    return found


async def _exclude(monitor: Any, view: Any, at: datetime, **given: Any) -> Any:
    preview = given.pop("preview", False)
    members = {"note": "the meter was being exchanged"} | given
    body = ExcludeBody(endpoint_id=view.id, timestamp=at, **members)
    return await routes.exclude_readings(monitor.ctx, _ANNA, body, preview=preview)


async def _restore(monitor: Any, view: Any, at: datetime, **given: Any) -> Any:
    body = RestoreBody(endpoint_id=view.id, timestamp=at, **given)
    return await routes.restore_readings(monitor.ctx, _ANNA, body)


async def _all(monitor: Any) -> tuple[list[tuple[Any, ...]], ...]:
    read = [await monitor.pool.fetch(sql) for sql in (_JUDGED, _ROWS, _STATE)]
    return tuple([tuple(row) for row in rows] for rows in read)


async def _judged(monitor: Any) -> list[tuple[Any, ...]]:
    rows = await monitor.pool.fetch(_JUDGED)
    return [tuple(row)[1:] for row in rows]


async def test_bad_reading_counts_for_nothing_until_it_is_put_back(
    monitor: Any,
) -> None:
    """What it booked goes, the note says why, and taken back all is as it was."""
    view = await _read(monitor, ["100", "140", "145", "150"], max_kw=Decimal(50))
    before = await _all(monitor)
    at = await _at(monitor, 150)
    done = await _exclude(monitor, view, at)
    assert (done.stored, done.readings, done.first, done.last) == (True, 1, at, at)
    (month,) = [each for each in done.restated.changes if each.grain == "month"]
    assert (month.before_kwh, month.after_kwh) == (50, 45)
    assert (await _judged(monitor))[-1] == (150, None, "rejected", "excluded")
    assert await monitor.pool.fetchval("select total_kwh from channel_state") == 145
    await _restore(monitor, view, at, note="it was right")
    assert await _all(monitor) == before
    told = await routes.list_marks(monitor.ctx, view.id)
    assert [(each.action, each.note, each.done_by) for each in told] == [
        ("restore", "it was right", "anna"),
        ("exclude", "the meter was being exchanged", "anna"),
    ]
    assert [(each.quality, each.register_kwh) for each in told] == [
        ("measured", 150),
        ("measured", 150),
    ]


async def test_preview_of_a_mark_stores_nothing(monitor: Any) -> None:
    """It says what would change, to the last digit, and changes nothing."""
    view = await _read(monitor, ["100", "140", "150"])
    before = await _all(monitor)
    at = await _at(monitor, 150)
    shown = await _exclude(monitor, view, at, preview=True)
    assert await _all(monitor) == before
    assert await routes.list_marks(monitor.ctx, view.id) == []
    done = await _exclude(monitor, view, at)
    assert not shown.stored
    assert shown.restated == done.restated


async def test_reset_is_none_without_the_reading_that_confirmed_it(
    monitor: Any,
) -> None:
    """The low reading waits again, and the proposal goes with its proof."""
    view = await _read(monitor, ["1000", "3", "5"])
    assert await monitor.pool.fetchval("select type from meter_event") == "reset"
    await _exclude(monitor, view, await _at(monitor, 5))
    assert await monitor.pool.fetchval("select count(*) from meter_event") == 0
    assert await _judged(monitor) == [
        (1000, 1000, "measured", ""),
        (3, None, "suspect", "suspect_low"),
        (5, None, "rejected", "excluded"),
    ]
    monitor.show("a", "1001")
    await monitor.round()
    assert (await _judged(monitor))[1][2:] == ("rejected", "rejected_glitch")
    assert (await _judged(monitor))[-1][1] == 1001


async def test_first_reading_that_was_bad_leaves_no_trace(monitor: Any) -> None:
    """A device that began with nonsense is judged as if it had begun after it."""
    view = await _read(monitor, ["90000", "5", "6", "8"])
    await _exclude(monitor, view, await _at(monitor, 90000))
    assert await _judged(monitor) == [
        (90000, None, "rejected", "excluded"),
        (5, 5, "measured", ""),
        (6, 6, "measured", ""),
        (8, 8, "measured", ""),
    ]
    rows = await monitor.pool.fetch(_ROWS)
    hours = [row["start_ts"].hour for row in rows if row["grain"] == "hour"]
    assert hours == [13, 14, 15]
    assert {row["energy_kwh"] for row in rows if row["grain"] == "month"} == {3}
    assert await monitor.pool.fetchval("select count(*) from meter_event") == 0


async def test_only_reading_that_was_bad_leaves_a_channel_that_begins_anew(
    monitor: Any,
) -> None:
    """The next poll is the first, whatever the bad one showed."""
    view = await _read(monitor, ["90000"])
    await _exclude(monitor, view, await _at(monitor, 90000))
    assert await monitor.pool.fetch(_ROWS) == []
    monitor.show("a", "5")
    await monitor.round()
    assert (await _judged(monitor))[1:] == [(5, 5, "measured", "")]


async def test_total_goes_on_though_the_first_reading_left_is_taken_out(
    monitor: Any,
) -> None:
    """Where retention has deleted the beginning, what is left keeps its total."""
    view = await _read(monitor, ["100", "140", "3", "5", "9"])
    before = (await _all(monitor))[0][3:]
    await monitor.pool.execute(
        "delete from reading where ts < $1", monitor.clock.now() - timedelta(hours=2)
    )
    await _exclude(monitor, view, await _at(monitor, 5))
    assert (await _judged(monitor))[-1] == (9, 149, "measured", "")
    await _restore(monitor, view, await _at(monitor, 5))
    assert (await _all(monitor))[0] == before


async def test_readings_of_a_period_are_marked_at_once(monitor: Any) -> None:
    """An hour of nonsense goes in one call, and what lies around it stays."""
    view = await _read(monitor, ["100", "104", "108", "112", "116"])
    low, high = await _at(monitor, 104), await _at(monitor, 112)
    await _exclude(monitor, view, await _at(monitor, 108))
    done = await _exclude(monitor, view, low, until=high)
    assert (done.readings, done.first, done.last) == (2, low, high)
    assert [row[1] for row in await _judged(monitor)] == [100, None, None, None, 116]
    back = await _restore(monitor, view, low, until=high)
    assert back.readings == 3
    assert [row[1] for row in await _judged(monitor)] == [100, 104, 108, 112, 116]


async def test_bad_reading_of_a_locked_month_is_booked_later(monitor: Any) -> None:
    """What was invoiced stays, and the difference becomes an adjustment."""
    monitor.clock.instant = datetime(2025, 3, 31, 18, 0, tzinfo=UTC)
    view = await _read(monitor, ["100", "110", "140", "150", "152", "153"])
    await monitor.pool.execute(
        "insert into period_lock (month) values (date '2025-03-01')"
    )
    done = await _exclude(monitor, view, await _at(monitor, 150))
    (adjustment,) = done.restated.adjustments
    assert adjustment.booked_month.isoformat() == "2025-04-01"
    assert Decimal(-20) < adjustment.energy_kwh < 0


async def test_power_of_a_device_without_register_is_put_back(monitor: Any) -> None:
    """Readings that have only a power come back as good as they were."""
    view = await monitor.add("a", interval_s=3600, rules=monitor.power_rules)
    for power in ("1.5", "2.5", "1.5"):
        monitor.show("a", "0", power)
        await monitor.round()
        monitor.clock.pass_by(hours=1)
    before = await _all(monitor)
    at = await monitor.pool.fetchval("select ts from reading where power_kw = 2.5")
    await _exclude(monitor, view, at)
    assert (await _all(monitor))[1] != before[1]
    await _restore(monitor, view, at)
    assert await _all(monitor) == before


async def test_marks_that_mean_no_reading_are_refused(monitor: Any) -> None:
    """Nothing is there, it is marked already, or the period ends before it begins."""
    view = await _read(monitor, ["100", "104"])
    at = await _at(monitor, 104)
    with pytest.raises(NoSuchReadingError, match="reading that is not excluded"):
        await _exclude(monitor, view, at + timedelta(seconds=1))
    with pytest.raises(NoSuchReadingError, match="excluded reading"):
        await _restore(monitor, view, at)
    await _exclude(monitor, view, at)
    with pytest.raises(NoSuchReadingError, match="not excluded"):
        await _exclude(monitor, view, at)
    with pytest.raises(InvalidInputError, match="until"):
        await _exclude(monitor, view, at, until=at - timedelta(hours=1))
    with pytest.raises(InvalidInputError, match="channel is"):
        await _exclude(monitor, view, at, channel="l9")


async def test_more_readings_than_a_person_means_are_refused(monitor: Any) -> None:
    """A period mistyped by a year takes nothing out."""
    view = await _read(monitor, ["100"])
    await monitor.pool.execute(
        "insert into reading (endpoint_id, channel, ts, slot, register_kwh, quality)"
        " select $1, 'total', t, t, 100, 'measured' from generate_series("
        "timestamptz '2025-03-02', timestamptz '2025-03-09', '1 minute') t",
        view.id,
    )
    low = datetime(2025, 3, 2, tzinfo=UTC)
    with pytest.raises(InvalidInputError, match="until is"):
        await _exclude(monitor, view, low, until=low + timedelta(days=7))
