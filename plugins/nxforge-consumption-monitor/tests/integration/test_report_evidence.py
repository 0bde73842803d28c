"""What a dispute asks for stands in the report: registers, meters, cost, feeds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import uuid4

from nxforge_consumption_monitor import routes
from nxforge_consumption_monitor.billing import Price
from nxforge_consumption_monitor.report import make_reports, show_report
from nxforge_consumption_monitor.report._stored import ReportParams
from nxforge_consumption_monitor.restate import restate
from nxforge_consumption_monitor.tariffs import TariffBody, create_tariff

_START: Final = datetime(2025, 3, 1, tzinfo=UTC)
_REPLACED: Final = """
insert into meter_event (
    endpoint_id, channel, ts, type, old_kwh, new_kwh, origin, state
)
values ($1, 'total', $2, 'replacement', $3, $4, 'user', 'confirmed')
"""
_METER: Final = """
insert into meter (endpoint_id, channel, serial, installed_at, removed_at)
values ($1, 'total', $2, $3, $4)
"""


async def _month(monitor: Any, name: str, registers: list[str], **members: Any) -> Any:
    """One reading a day from the first of March on."""
    monitor.clock.instant = _START
    view = await monitor.add(name, tz="UTC", interval_s=86_400, **members)
    for register in registers:
        monitor.show(name, register)
        await monitor.round(endpoint_ids=[view.id])
        monitor.clock.pass_by(days=1)
    return view


def _rising(count: int = 33, step: int = 2) -> list[str]:
    return [str(1000 + step * day) for day in range(count)]


async def test_replaced_meter_has_a_segment_of_its_own(monitor: Any) -> None:
    """C19 in a month: both registers as shown, and the parts add up to the whole."""
    old = [str(48_000 + 10 * day) for day in range(11)]
    new = [f"{5 + 10 * day}.2" for day in range(22)]
    view = await _month(monitor, "a", old + new)
    changed = _START + timedelta(days=10, hours=12)
    args = (view.id, changed, Decimal("48105.0"), Decimal("0.2"))
    await monitor.pool.execute(_REPLACED, *args)
    await monitor.pool.execute(_METER, view.id, "OLD-1", None, changed)
    await monitor.pool.execute(_METER, view.id, "NEW-2", changed, None)
    async with monitor.pool.transaction() as connection:
        await restate(connection, view.id, _START)

    report = await routes.monthly(monitor.ctx, view.id, month="2025-03")

    [line] = report.lines
    assert line.meters == ["OLD-1", "NEW-2"]
    first, second = line.segments
    assert (first.serial, first.start_register, first.end_register) == (
        "OLD-1",
        48_000,
        48_105,
    )
    assert (second.serial, second.began_by) == ("NEW-2", "replacement")
    assert (second.start_register, second.end_register) == (
        Decimal("0.2"),
        Decimal("205.2"),
    )
    assert (first.energy_kwh, second.energy_kwh) == (105, 205)
    assert first.energy_kwh + second.energy_kwh == line.energy_kwh == 310


async def test_registers_are_those_of_the_device_not_multiplied(monitor: Any) -> None:
    """What a person reads on the display stands in the report, with its factor."""
    view = await _month(monitor, "a", _rising(), multiplier=Decimal(40))
    [line] = (await routes.monthly(monitor.ctx, view.id, month="2025-03")).lines
    [segment] = line.segments
    assert (segment.start_register, segment.end_register) == (1000, 1062)
    assert (segment.multiplier, segment.energy_kwh) == (40, 62 * 40)
    assert line.start_reading_at == _START
    assert line.end_reading_at == _START + timedelta(days=31)


async def test_cost_is_that_of_the_tariff_and_a_gap_is_an_error(monitor: Any) -> None:
    """A hole in the prices costs an answer, never nothing."""
    view = await _month(monitor, "a", _rising())
    bare = await routes.monthly(monitor.ctx, view.id, month="2025-03")
    assert (bare.cost, bare.cost_error.code) == (None, "no_tariff")
    price = Price(valid_from=datetime(2025, 3, 10, tzinfo=UTC), rate=Decimal("0.1850"))
    body = TariffBody(name="flat", currency="EUR", prices=(price,))
    tariff = await create_tariff(monitor.pool, body)
    await monitor.pool.execute("update endpoint set tariff_id = $1", tariff.id)
    gap = await routes.monthly(monitor.ctx, view.id, month="2025-03")
    assert (gap.cost, gap.cost_error.code) == (None, "tariff_gap")
    await monitor.pool.execute("update tariff_price set valid_from = '2025-01-01'")
    billed = await routes.monthly(monitor.ctx, view.id, month="2025-03")
    assert (billed.cost_error, billed.cost.total) == (None, Decimal("11.47"))


async def test_feeds_of_a_rack_are_summed_apart_and_together(monitor: Any) -> None:
    """A, B and A+B; a report that was stored says the same again."""
    first = await _month(monitor, "a", _rising(), external_ref="rack:1 feed:A")
    second = await _month(monitor, "b", _rising(step=3), external_ref="feed:B")
    group = str(uuid4())
    await monitor.pool.execute(
        "insert into endpoint_group (id, name, kind, tz)"
        " values ($1, 'R1', 'rack', 'UTC')",
        group,
    )
    await monitor.pool.execute(
        "update endpoint set group_id = $1 where id = any($2::uuid[])",
        group,
        [first.id, second.id],
    )
    report = (await routes.group_month(monitor.ctx, group, month="2025-03")).data
    sums = report.feed_sums
    assert (sums.a_kwh, sums.b_kwh, sums.both_kwh) == (62, 93, 155)
    assert (report.tz, report.hours, report.end) == ("UTC", 744, _START_OF_APRIL)
    assert "Not made by certified billing meters." in report.notes
    await make_reports(monitor.job(), ReportParams(month="2025-03"))
    ids = [each.id for each in await routes.list_reports(monitor.ctx, group)]
    stored = await show_report(monitor.ctx, ids[0])
    assert stored.document == report


_START_OF_APRIL: Final = datetime(2025, 4, 1, tzinfo=UTC)


async def test_digest_is_of_the_figures_not_of_the_hour(monitor: Any) -> None:
    """The same month asked for a day later has the same digest; other figures not."""
    view = await _month(monitor, "a", _rising())
    monitor.clock.pass_by(hours=1)
    first = await routes.monthly(monitor.ctx, view.id, month="2025-03")
    monitor.clock.pass_by(days=1)
    later = await routes.monthly(monitor.ctx, view.id, month="2025-03")
    assert (first.sha256, len(first.sha256)) == (later.sha256, 64)
    assert first.generated_at != later.generated_at
    other = await routes.monthly(monitor.ctx, view.id, month="2025-04")
    assert other.sha256 != first.sha256
