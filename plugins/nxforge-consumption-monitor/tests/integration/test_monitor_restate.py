"""History computed again: after an event, late readings, and beside a running poll."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import msgspec
import pytest

from nxforge_consumption_monitor.endpoints import change
from nxforge_consumption_monitor.models import EndpointChange, UnknownEndpointError
from nxforge_consumption_monitor.register import RegisterState
from nxforge_consumption_monitor.restate import restate
from nxforge_core.api import HttpRequest, HttpResponse

_JUDGED: Final = """
select register_kwh, total_kwh, quality, reason from reading
where channel = 'total' order by ts
"""
_EVENT: Final = """
insert into meter_event (
    endpoint_id, channel, ts, type, old_kwh, new_kwh, origin, state
)
values ($1, 'total', $2, $3, $4, $5, 'user', 'confirmed')
"""
_TYPED_IN: Final = """
insert into reading (
    endpoint_id, channel, ts, slot, register_kwh, quality, source, ts_source
)
values ($1, 'total', $2, $2, $3, 'manual', 'manual', 'manual')
"""
_STATE: Final = """
select register_state, ts, register_kwh, total_kwh from channel_state
where channel = 'total'
"""
_NOBODY: Final = "0b0e6ad2-6f5f-4c4e-9d0a-0e4a8a4d6a11"


async def _read(monitor: Any, registers: list[str], **members: Any) -> Any:
    """One reading an hour of one endpoint."""
    view = await monitor.add("a", interval_s=3600, **members)
    for register in registers:
        monitor.show("a", register)
        await monitor.round()
        monitor.clock.pass_by(hours=1)
    return view


async def _restate(monitor: Any, endpoint_id: str, since: datetime | None) -> Any:
    async with monitor.pool.transaction() as connection:
        return await restate(connection, endpoint_id, since)


async def _state(monitor: Any) -> tuple[Any, ...]:
    row = await monitor.pool.fetchrow(_STATE)
    register = msgspec.convert(row["register_state"], RegisterState)
    return register, row["ts"], row["register_kwh"], row["total_kwh"]


async def _totals(monitor: Any) -> list[Decimal | None]:
    return [row["total_kwh"] for row in await monitor.pool.fetch(_JUDGED)]


async def test_restatement_of_untouched_history_changes_nothing(monitor: Any) -> None:
    """Judging again by the same facts gives the same readings and the same state."""
    registers = ["750.0", "751.5", "0", "791.9", "3", "5", "9", "8.999", "10"]
    view = await _read(monitor, registers)
    before = await monitor.pool.fetch(_JUDGED)
    state = await _state(monitor)
    for since in (None, monitor.clock.now() - timedelta(hours=6), monitor.clock.now()):
        result = await _restate(monitor, view.id, since)
        assert (result.readings, result.changes) == (0, ())
        assert await monitor.pool.fetch(_JUDGED) == before
        assert await _state(monitor) == state


async def test_replacement_with_registers_counts_both_meters(monitor: Any) -> None:
    """The old meter counts to its end and the new one from its beginning."""
    begun = monitor.clock.now()
    view = await _read(monitor, ["48211.4", "0.9"])
    assert (await _totals(monitor))[1] is None
    change_at = begun + timedelta(minutes=30)
    await monitor.pool.execute(
        _EVENT, view.id, change_at, "replacement", Decimal("48213.0"), Decimal("0.2")
    )
    result = await _restate(monitor, view.id, change_at)
    assert await _totals(monitor) == [Decimal("48211.4"), Decimal("48213.7")]
    assert result.readings == 1
    monitor.show("a", "1.9")
    await monitor.round()
    assert (await _totals(monitor))[-1] == Decimal("48214.7")


async def test_confirmed_rollover_counts_what_no_rule_could(monitor: Any) -> None:
    """C06: suspect until a person says that the register went round."""
    begun = monitor.clock.now()
    view = await _read(monitor, ["55278.0"])
    monitor.clock.pass_by(days=60)
    monitor.show("a", "1739.0")
    await monitor.round()
    assert (await _totals(monitor))[-1] is None
    at = begun + timedelta(days=30)
    await monitor.pool.execute(_EVENT, view.id, at, "rollover", Decimal(100000), 0)
    await _restate(monitor, view.id, at)
    first, last = await _totals(monitor)
    assert last - first == 46461


async def test_dismissed_reset_counts_nothing_over_the_break(monitor: Any) -> None:
    """The proposal counts 3 kWh from zero; who dismisses it takes them out again."""
    view = await _read(monitor, ["100", "140", "3", "5", "9"])
    event = await monitor.pool.fetchrow("select ts, type, state from meter_event")
    assert tuple(event)[1:] == ("reset", "proposed")
    assert (await _totals(monitor))[-1] == 149
    await monitor.pool.execute("update meter_event set state = 'dismissed'")
    await _restate(monitor, view.id, event["ts"])
    assert (await _totals(monitor))[-1] == 146
    assert await monitor.pool.fetchval("select count(*) from meter_event") == 1


async def test_late_reading_takes_its_place_in_time(monitor: Any) -> None:
    """A typed in register between two polls is good, and its quality says by whom."""
    begun = monitor.clock.now()
    view = await _read(monitor, ["100", "110"])
    late = begun + timedelta(minutes=20)
    await monitor.pool.execute(_TYPED_IN, view.id, late, Decimal(104))
    await _restate(monitor, view.id, late)
    judged = [tuple(row) for row in await monitor.pool.fetch(_JUDGED)]
    assert judged == [
        (100, 100, "measured", ""),
        (104, 104, "manual", ""),
        (110, 110, "measured", ""),
    ]


async def test_late_reading_explains_a_suspect_one(monitor: Any) -> None:
    """A jump that a reading in between makes possible is no jump any more."""
    view = await _read(monitor, ["100"], max_kw=Decimal(5))
    monitor.clock.pass_by(minutes=-30)
    at = monitor.clock.now()
    monitor.clock.pass_by(minutes=30)
    monitor.show("a", "112")
    await monitor.round()
    assert (await _totals(monitor))[-1] is None
    await monitor.pool.execute(_TYPED_IN, view.id, at, Decimal(103))
    await _restate(monitor, view.id, at)
    row = (await monitor.pool.fetch(_JUDGED))[-1]
    assert (row["quality"], row["total_kwh"]) == ("suspect", None)
    await monitor.pool.execute("update endpoint set max_kw = 20")
    await _restate(monitor, view.id, at)
    assert (await _totals(monitor))[-1] == 112


async def test_proposal_that_the_readings_show_no_more_goes(monitor: Any) -> None:
    """A jump that became possible is proposed to nobody."""
    registers = ["500", "501", "80210.0", "80211.2"]
    view = await _read(monitor, registers, max_kw=Decimal(5))
    assert await monitor.pool.fetchval("select type from meter_event") == "jump"
    await monitor.pool.execute("update endpoint set max_kw = 100000")
    await _restate(monitor, view.id, None)
    assert await monitor.pool.fetchval("select count(*) from meter_event") == 0
    assert (await _totals(monitor))[-1] == Decimal("80211.2")


async def test_poll_that_read_before_a_restatement_stores_nothing(
    monitor: Any,
) -> None:
    """What it computed no longer fits; the endpoint stays due and is polled again."""
    view = await _read(monitor, ["100", "110"])
    devices = monitor.http
    monitor.show("a", "120")

    class RestatedMeanwhile:
        async def fetch(self, request: HttpRequest) -> HttpResponse:
            await _restate(monitor, view.id, None)
            page: HttpResponse = await devices.fetch(request)
            return page

    monitor.http = RestatedMeanwhile()
    outcome = await monitor.round()
    monitor.http = devices
    assert outcome.result["duplicate"] == 1
    assert len(await _totals(monitor)) == 2
    await monitor.round()
    assert (await _totals(monitor))[-1] == 120


async def test_restatement_holds_up_no_other_endpoint(monitor: Any) -> None:
    """A poll of the one stores nothing and stays due; the others are stored at once."""
    view = await _read(monitor, ["100", "110"])
    await monitor.add("b", interval_s=3600)
    monitor.show("a", "120")
    monitor.show("b", "5")
    devices = monitor.http
    async with monitor.pool.transaction() as connection:

        class RestatedMeanwhile:
            async def fetch(self, request: HttpRequest) -> HttpResponse:
                await restate(connection, view.id, None)
                page: HttpResponse = await devices.fetch(request)
                return page

        monitor.http = RestatedMeanwhile()
        outcome = await monitor.round()
    monitor.http = devices
    assert outcome.result["duplicate"] == 1
    assert await _totals(monitor) == [100, 110, 5]
    # Its lease was left to expire.
    monitor.clock.pass_by(minutes=5)
    await monitor.round()
    assert await monitor.pool.fetchval("select max(total_kwh) from reading") == 120


async def test_changed_multiplier_leaves_the_history_before_it(monitor: Any) -> None:
    """Readings are multiplied by what held when they were read, also when replayed."""
    view = await _read(monitor, ["10", "11"])
    await change(monitor.ctx, view.id, EndpointChange(multiplier=Decimal(40)))
    monitor.show("a", "12")
    await monitor.round()
    expected = [10, 11, 51]
    assert await _totals(monitor) == expected
    await _restate(monitor, view.id, None)
    assert await _totals(monitor) == expected


async def test_reading_taken_out_by_a_person_does_not_count(monitor: Any) -> None:
    """Excluded readings stay stored and explain nothing."""
    view = await _read(monitor, ["100", "105", "110"])
    await monitor.pool.execute(
        "update reading set quality = 'rejected', reason = 'excluded',"
        " total_kwh = null where register_kwh = 105"
    )
    await _restate(monitor, view.id, None)
    assert await _totals(monitor) == [100, None, 110]


async def test_total_goes_on_when_retention_deleted_the_beginning(
    monitor: Any,
) -> None:
    """What is left is not taken for the first reading ever."""
    view = await _read(monitor, ["100", "140", "3", "5", "9"])
    await monitor.pool.execute(
        "delete from reading where ts < $1", monitor.clock.now() - timedelta(hours=2)
    )
    await _restate(monitor, view.id, None)
    assert await _totals(monitor) == [145, 149]


async def test_restatement_of_nobody_is_refused(monitor: Any) -> None:
    """An endpoint that does not exist has no history."""
    with pytest.raises(UnknownEndpointError):
        await _restate(monitor, _NOBODY, None)
