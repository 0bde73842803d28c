"""Events of meters over HTTP: entered, confirmed, dismissed, and seen before."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, Final

import pytest

from nxforge_consumption_monitor import routes
from nxforge_consumption_monitor.meter_events import (
    DecidedEventError,
    DecisionBody,
    DuplicateEventError,
    EventBody,
    UnknownEventError,
)
from nxforge_core.api import InvalidInputError

_ANNA: Final[Any] = SimpleNamespace(user=SimpleNamespace(name="anna"))
_TOTALS: Final = """
select total_kwh from reading where channel = 'total' order by ts
"""


async def _read(monitor: Any, registers: list[str], **members: Any) -> Any:
    """One reading an hour of one endpoint."""
    view = await monitor.add("a", interval_s=3600, **members)
    for register in registers:
        monitor.show("a", register)
        await monitor.round()
        monitor.clock.pass_by(hours=1)
    return view


async def _enter(monitor: Any, view: Any, kind: Any, at: datetime, **more: Any) -> Any:
    preview = more.pop("preview", False)
    body = EventBody(endpoint_id=view.id, type=kind, timestamp=at, **more)
    return await routes.create_event(monitor.ctx, _ANNA, body, preview=preview)


async def _totals(monitor: Any) -> list[Any]:
    return [row["total_kwh"] for row in await monitor.pool.fetch(_TOTALS)]


async def test_replacement_counts_both_meters_in_two_segments(monitor: Any) -> None:
    """C19: 1.6 kWh of the old meter and 0.7 of the new one, each with its registers."""
    begun = monitor.clock.now()
    view = await _read(monitor, ["48211.4", "0.9"])
    answer = await _enter(
        monitor,
        view,
        "replacement",
        begun + timedelta(minutes=30),
        old_kwh=Decimal("48213.0"),
        new_kwh=Decimal("0.2"),
        old_serial="A1",
        new_serial="B2",
    )
    assert answer.stored
    assert answer.event.decided_by == "anna"
    first, last = await _totals(monitor)
    assert last - first == Decimal("2.3")
    end = begun + timedelta(hours=1)
    found = await routes.list_segments(monitor.ctx, view.id, begun, end)
    assert [
        (each.serial, each.start_register, each.end_register, each.energy_kwh)
        for each in found
    ] == [
        ("A1", Decimal("48211.4"), 48213, Decimal("1.6")),
        ("B2", Decimal("0.2"), Decimal("0.9"), Decimal("0.7")),
    ]
    old, new = await routes.list_meters(monitor.ctx, view.id)
    assert (old.serial, old.final_kwh, old.removed_at) == (
        "A1",
        48213,
        new.installed_at,
    )
    assert (new.serial, new.initial_kwh, new.removed_at) == ("B2", Decimal("0.2"), None)


async def test_preview_tells_the_change_and_stores_nothing(monitor: Any) -> None:
    """C06: the preview says 46461 kWh; only the event itself makes them count."""
    begun = monitor.clock.now()
    view = await _read(monitor, ["55278.0"], register_digits=5)
    monitor.clock.pass_by(days=60)
    monitor.show("a", "1739.0")
    await monitor.round()
    at = begun + timedelta(days=30)
    seen = await _enter(monitor, view, "rollover", at, preview=True)
    assert not seen.stored
    assert (await _totals(monitor))[-1] is None
    assert await monitor.pool.fetchval("select count(*) from meter_event") == 0
    assert (seen.event.old_kwh, seen.event.new_kwh) == (100000, 0)
    done = await _enter(monitor, view, "rollover", at)
    assert done.restated == seen.restated
    first, last = await _totals(monitor)
    assert last - first == 46461
    months = [each for each in done.restated.changes if each.grain == "month"]
    before = sum(each.before_kwh or 0 for each in months)
    after = sum(each.after_kwh or 0 for each in months)
    assert after - before == 46461


async def test_proposed_reset_is_dismissed_and_confirmed(monitor: Any) -> None:
    """A decision restates, says by how much, and can be taken back."""
    view = await _read(monitor, ["100", "140", "3", "5", "9"])
    [event] = await routes.list_events(monitor.ctx, "proposed", view.id, "reset")
    nothing = DecisionBody()
    seen = await routes.dismiss_event(
        monitor.ctx, _ANNA, event.id, nothing, preview=True
    )
    assert (await _totals(monitor))[-1] == 149
    [day] = [each for each in seen.restated.changes if each.grain == "day"]
    assert (day.before_kwh, day.after_kwh) == (49, 46)
    await routes.dismiss_event(monitor.ctx, _ANNA, event.id, nothing)
    assert (await _totals(monitor))[-1] == 146
    with pytest.raises(DecidedEventError, match="anna"):
        await routes.dismiss_event(monitor.ctx, _ANNA, event.id, nothing)
    better = DecisionBody(old_kwh=Decimal(141), note="read off by hand")
    done = await routes.confirm_event(monitor.ctx, _ANNA, event.id, better)
    assert (await _totals(monitor))[-1] == 150
    assert (done.event.state, done.event.note) == ("confirmed", "read off by hand")


async def test_replacement_without_registers_leaves_time_unmeasured(
    monitor: Any,
) -> None:
    """The gap is offered as an estimate; it counts only once a person takes it."""
    view = await _read(monitor, ["100", "102", "104", "7", "9"])
    start = monitor.clock.now() - timedelta(hours=3)
    at = start + timedelta(minutes=20)
    done = await _enter(monitor, view, "replacement", at)
    assert await _totals(monitor) == [100, 102, 104, 104, 106]
    assert done.unmeasured.offered_kwh == 2
    assert (done.unmeasured.start, done.unmeasured.old_kwh) == (start, 106)
    assert done.unmeasured.end == start + timedelta(hours=1)


async def test_dismissed_replacement_never_was(monitor: Any) -> None:
    """Registers, meters and totals are as before it; it can be entered again."""
    view = await _read(monitor, ["100", "101", "102"])
    before = await _totals(monitor)
    at = monitor.clock.now() - timedelta(hours=2, minutes=30)
    registers = {"old_kwh": Decimal(105), "new_kwh": Decimal("0.5")}
    done = await _enter(monitor, view, "replacement", at, **registers)
    assert await _totals(monitor) != before
    with pytest.raises(DuplicateEventError, match=str(done.event.id)):
        await _enter(monitor, view, "replacement", at)
    await routes.dismiss_event(monitor.ctx, _ANNA, done.event.id, DecisionBody())
    assert await _totals(monitor) == before
    [meter] = await routes.list_meters(monitor.ctx, view.id)
    assert (meter.removed_at, meter.final_kwh) == (None, None)
    again = await _enter(monitor, view, "replacement", at, **registers)
    assert again.event.id == done.event.id


async def test_changed_multiplier_holds_from_its_time_on(monitor: Any) -> None:
    """What was read before keeps the old one; a later poll takes the new one."""
    view = await _read(monitor, ["10", "11", "12"])
    at = monitor.clock.now() - timedelta(hours=2)
    await _enter(
        monitor,
        view,
        "multiplier_change",
        at,
        old_kwh=Decimal(11),
        multiplier=Decimal(40),
    )
    assert await _totals(monitor) == [10, 11, 51]
    monitor.show("a", "13")
    await monitor.round()
    assert (await _totals(monitor))[-1] == 91


@pytest.mark.parametrize(
    ("field", "members"),
    [
        ("timestamp", {"timestamp": datetime(2031, 1, 1).astimezone()}),
        ("timestamp", {"timestamp": datetime(2025, 1, 1)}),  # noqa: DTZ001  # refused
        ("timestamp", {"timestamp": datetime(1970, 1, 1).astimezone()}),
        ("oldKwh", {"type": "rollover"}),
        ("oldKwh", {"old_kwh": Decimal(-1)}),
        ("newKwh", {"new_kwh": Decimal("NaN")}),
        ("multiplier", {"type": "multiplier_change"}),
        ("multiplier", {"multiplier": Decimal(2)}),
        ("channel", {"channel": "l9"}),
    ],
)
async def test_event_that_cannot_be_true_is_refused(
    monitor: Any, field: str, members: dict[str, Any]
) -> None:
    """The refusal names the field, and nothing is stored."""
    view = await _read(monitor, ["100", "101"])
    known = {"endpoint_id": view.id, "type": "reset", "timestamp": monitor.clock.now()}
    with pytest.raises(InvalidInputError) as caught:
        await routes.create_event(
            monitor.ctx, _ANNA, EventBody(**known | members), preview=False
        )
    assert caught.value.field == field
    assert await monitor.pool.fetchval("select count(*) from meter_event") == 0


async def test_unknown_event_is_named(monitor: Any) -> None:
    """An id that no event has is 404, not a silent success."""
    with pytest.raises(UnknownEventError):
        await routes.confirm_event(monitor.ctx, _ANNA, 4711, DecisionBody())
    with pytest.raises(InvalidInputError, match="state"):
        await routes.list_events(monitor.ctx, "maybe")
