"""Ending runs by somebody's wish."""

from __future__ import annotations

from typing import Final

from psycopg import AsyncConnection
from psycopg.errors import LockNotAvailable

from nxforge_core.api import RunId, UnavailableError, UnknownItemError
from nxforge_core.jobs._errors import RunFinishedError
from nxforge_core.jobs._sql import SQL
from nxforge_core.jobs.delivery import Link, Row, query

__all__ = ["cancel_run"]

_UNFINISHED: Final = ("queued", "running", "waiting")
#: Looks at a run whose handler holds it by a transaction, half a second each: more
#: than a handler gets to clean up before its transactions are cut.
_MOST_LOOKS: Final = 40


async def cancel_run(link: Link, run: RunId, by: str) -> bool:
    """End a run: at once where it is queued or in back-off, else by its worker.

    A run that waits for shards ends when the last of them has. A handler that gives
    its result before it hears of it keeps that.

    Returns:
        Whether it has ended already; else it ends soon.

    Raises:
        UnknownItemError: there is no such run.
        RunFinishedError: it has ended, by whatever way.
        UnavailableError: no database, or a transaction of the run does not end.
    """
    sure = aborted = False
    for look in range(_MOST_LOOKS + 1):
        try:
            async with link.transaction() as connection:
                ended = await _cancel(connection, run, by, sure=sure, aborted=aborted)
        except UnavailableError as error:
            held = isinstance(error.__cause__, LockNotAvailable)
            if not held or look == _MOST_LOOKS:
                raise
            await _abort(link, run, by)
            aborted = True
            continue
        if ended is not None:
            return ended
        # It fanned out between the look for its shards and the look at itself: they
        # must be locked first, as whoever ends a shard locks that before its parent.
        sure = True
    return False


async def _cancel(
    connection: AsyncConnection[Row], run: RunId, by: str, *, sure: bool, aborted: bool
) -> bool | None:
    await query(connection, "set local lock_timeout = '500ms'")
    locked = await query(connection, SQL.lock_shards, run=run)
    shards = [shard for (shard,) in locked]
    rows = await query(connection, SQL.lock_run, run=run)
    if not rows:
        raise UnknownItemError(
            kind="run", value=run, remedy="old runs are deleted; list the runs"
        )
    state = rows[0][0]
    if state not in _UNFINISHED:
        if aborted and await query(connection, SQL.name_canceller, run=run, by=by):
            return True
        raise RunFinishedError(run, state)
    if state == "waiting" and not shards and not sure:
        return None
    runs = [run, *shards]
    await query(connection, SQL.drop_deliveries, runs=runs)
    # The parent first: whoever ends its last shard must see that it is cancelled.
    await query(connection, SQL.cancel_runs, runs=[run], by=by)
    if shards:
        await query(connection, SQL.cancel_runs, runs=shards, by=by)
    after = await query(connection, SQL.run_state, run=run)
    return after[0][0] not in _UNFINISHED


async def _abort(link: Link, run: RunId, by: str) -> None:
    """Stop the handlers of a run while they hold it: then it can be locked."""
    async with link.transaction() as connection:
        await query(connection, SQL.cancel_parent, run=run, by=by)
        await query(connection, SQL.drop_running, run=run)
