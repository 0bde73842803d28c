"""Locked months: refused while unsettled, kept while locked, right after unlocking."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, Final

import pytest

from nxforge_consumption_monitor import routes
from nxforge_consumption_monitor.collect import (
    RECOMPUTE_JOB,
    RecomputeParams,
    recompute,
)
from nxforge_consumption_monitor.groups import GroupBody
from nxforge_consumption_monitor.imports import TypedReading
from nxforge_consumption_monitor.locks import (
    AdjustedMonthError,
    LockBody,
    LockedAlreadyError,
    OpenMonthError,
    UndecidedMonthError,
    UnknownLockError,
)
from nxforge_consumption_monitor.models import EndpointChange
from nxforge_consumption_monitor.restate import restate
from nxforge_core.api import InvalidInputError

#: 28 of 29 days of 100 kWh.
_FEBRUARY: Final = Decimal("96.551724")
_END: Final = datetime(2025, 3, 1, tzinfo=UTC)
_ROWS_OF_FEBRUARY: Final = """
select * from rollup
where grain <> 'hour' and start_ts >= '2025-02-01' and end_ts <= '2025-03-01'
order by grain, start_ts
"""
_ANNA: Final[Any] = SimpleNamespace(user=SimpleNamespace(name="anna"))


async def _lock(monitor: Any, month: str = "2025-02", **more: Any) -> Any:
    body = LockBody(month=month, **more)
    return await routes.create_lock(monitor.ctx, _ANNA, body)


async def _type_in(monitor: Any, at: datetime, register: int) -> Any:
    body = TypedReading(
        endpoint="a", timestamp=at, register_kwh=Decimal(register), note="late"
    )
    return await routes.type_in_reading(monitor.ctx, _ANNA, body)


async def _month(monitor: Any, view: Any, month: str) -> Any:
    return (await routes.monthly(monitor.ctx, view.id, month=month)).lines[0]


@pytest.fixture
async def read(monitor: Any) -> Any:
    """A monitor whose endpoint was read three times: no time at the end of February."""
    group = await routes.create_group(monitor.ctx, GroupBody(name="Rack 1", tz="UTC"))
    monitor.view = await monitor.add(
        "a", interval_s=3600, tz="UTC", group_id=group.id, max_kw=Decimal(500)
    )
    monitor.group = group
    for at, register in (
        (datetime(2025, 2, 1, tzinfo=UTC), "1000"),
        (datetime(2025, 3, 2, tzinfo=UTC), "1100"),
        (datetime(2025, 4, 1, tzinfo=UTC), "1300"),
    ):
        monitor.clock.instant = at
        monitor.show("a", register)
        await monitor.round()
    monitor.clock.pass_by(hours=1)
    return monitor


async def test_lock_cites_the_report_as_it_is_seen_from_then_on(read: Any) -> None:
    """The stored report has the hash that the group's month has once it is locked."""
    locked = await _lock(read, group_id=read.group.id, note="invoice 17")
    assert (locked.locked_by, locked.note, locked.forced) == (
        "anna",
        "invoice 17",
        False,
    )
    shown = await routes.group_month(read.ctx, read.group.id, month="2025-02")
    assert shown.data.locked
    assert shown.sha256 == locked.report_sha256
    stored = await routes.show_report(read.ctx, locked.report_id)
    assert stored.document.lines[0].energy_kwh == _FEBRUARY
    assert await routes.list_locks(read.ctx) == [locked]
    with pytest.raises(LockedAlreadyError, match="Rack 1"):
        await _lock(read, group_id=read.group.id)


async def test_month_that_may_still_change_cannot_be_locked(read: Any) -> None:
    """Not even forced: its last register is not known yet."""
    for force in (False, True):
        with pytest.raises(OpenMonthError, match="a"):
            await _lock(read, "2025-04", force=force)
        with pytest.raises(OpenMonthError):
            await _lock(read, "2024-01", force=force)
    assert await routes.list_locks(read.ctx) == []


async def test_undecided_month_is_locked_only_by_force(read: Any) -> None:
    """A proposed event, or a member of which nothing is known, is named."""
    unread = await read.add("b", tz="UTC")
    old = "update endpoint set created_at = '2025-01-01' where id = $1"
    await read.pool.execute(old, unread.id)
    with pytest.raises(UndecidedMonthError, match="nothing is known of b"):
        await _lock(read)
    gone = "update endpoint set archived_at = '2025-01-02' where id = $1"
    await read.pool.execute(gone, unread.id)
    await read.pool.execute(
        "insert into meter_event (endpoint_id, channel, ts, type, origin) values"
        " ($1, 'total', '2025-02-10', 'jump', 'auto')",
        read.view.id,
    )
    with pytest.raises(UndecidedMonthError, match="jump of a"):
        await _lock(read)
    assert (await _lock(read, force=True)).forced


async def test_correction_of_a_locked_month_is_billed_in_the_next_one(
    read: Any,
) -> None:
    """The locked row stays; unlocking brings the correction home, once."""
    locked = await _lock(read)
    typed = await _type_in(read, _END, 1095)
    [adjusted] = typed.restated.adjustments
    assert (adjusted.month, adjusted.booked_month, adjusted.energy_kwh) == (
        date(2025, 2, 1),
        date(2025, 3, 1),
        95 - _FEBRUARY,
    )
    february = await _month(read, read.view, "2025-02")
    march = await _month(read, read.view, "2025-03")
    assert (february.energy_kwh, february.locked) == (_FEBRUARY, True)
    assert february.billed_kwh + march.billed_kwh == 300
    await routes.delete_lock(read.ctx, _ANNA, locked.id, "meter was misread")
    february = await _month(read, read.view, "2025-02")
    march = await _month(read, read.view, "2025-03")
    assert (february.billed_kwh, march.billed_kwh) == (95, 205)
    assert march.adjustments == []
    actions = [
        (each.action, each.done_by, each.note)
        for each in await routes.list_lock_entries(read.ctx)
    ]
    assert actions == [("unlock", "anna", "meter was misread"), ("lock", "anna", "")]


async def test_correction_that_was_invoiced_keeps_its_month_locked(read: Any) -> None:
    """February cannot be unlocked while March, which bills its correction, is."""
    february = await _lock(read)
    await _type_in(read, _END, 1095)
    march = await _lock(read, "2025-03")
    with pytest.raises(AdjustedMonthError, match="2025-03"):
        await routes.delete_lock(read.ctx, _ANNA, february.id, "again")
    assert len(await routes.list_locks(read.ctx)) == 2
    await routes.delete_lock(read.ctx, _ANNA, march.id, "first this one")
    await routes.delete_lock(read.ctx, _ANNA, february.id, "then that one")
    assert await read.pool.fetchval("select count(*) from adjustment") == 0


async def test_endpoint_that_moves_away_keeps_its_locked_months(read: Any) -> None:
    """What was invoiced to one client is not rewritten because the meter moved."""
    await _lock(read, group_id=read.group.id)
    change = EndpointChange(group_id=None)
    await routes.change_endpoint(read.ctx, _ANNA, read.view.id, change)
    assert (await _month(read, read.view, "2025-02")).locked
    other = await read.add("b", tz="UTC", group_id=read.group.id)
    assert not (await _month(read, other, "2025-02")).locked


async def test_unlocking_says_why(read: Any) -> None:
    """Without a note nothing happens."""
    locked = await _lock(read)
    with pytest.raises(InvalidInputError, match="note"):
        await routes.delete_lock(read.ctx, _ANNA, locked.id)
    with pytest.raises(UnknownLockError):
        await routes.delete_lock(read.ctx, _ANNA, 4711, "why")
    assert len(await routes.list_locks(read.ctx)) == 1


async def test_recomputation_is_a_run_that_tells_what_changed(read: Any) -> None:
    """The route queues it; the run restates and names days and months."""
    since = datetime(2025, 2, 1, tzinfo=UTC)
    view = await routes.recompute(read.ctx, since, None, read.view.id)
    [(job, params)] = read.jobs.asked
    assert (view.run_id, job) == (1, RECOMPUTE_JOB)
    assert params["endpointIds"] == [read.view.id]
    await read.pool.execute(
        "update closed_rollup set energy_kwh = 1 where grain = 'month'"
    )
    outcome = await recompute(read.job(), RecomputeParams(since=since))
    rows = outcome.result["rows"]
    assert [
        (each["grain"], each["afterKwh"]) for each in rows if each["grain"] == "month"
    ]
    again = await recompute(read.job(), RecomputeParams(since=since))
    assert (again.result["changed"], again.result["readings"]) == (0, 0)
    with pytest.raises(InvalidInputError, match="to"):
        await routes.recompute(read.ctx, since, since)


async def test_locked_month_that_is_open_again_keeps_its_one_row(read: Any) -> None:
    """Readings after it are gone: what was invoiced still is all that is shown."""
    await _lock(read)
    february = await read.pool.fetch(_ROWS_OF_FEBRUARY)
    await read.pool.execute("delete from reading where ts > '2025-03-01'")
    async with read.pool.transaction() as connection:
        result = await restate(connection, read.view.id, None)
    assert [each.energy_kwh for each in result.adjustments] == [-_FEBRUARY]
    assert await read.pool.fetch(_ROWS_OF_FEBRUARY) == february
    shown = await _month(read, read.view, "2025-02")
    assert (shown.energy_kwh, shown.locked) == (_FEBRUARY, True)
