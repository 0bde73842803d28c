"""Everything about one run, gathered from its rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from nxforge_core.api import Database, Record, RunId
from nxforge_core.jobs._sql import SQL

from ._records import RunAttempt, RunDetail, ShardCount
from ._why import explain

__all__ = ["read_json", "run_detail"]

_JSON: Final = ("params", "result", "error", "progress", "again")
_UNFINISHED: Final = frozenset({"queued", "running", "waiting"})


async def run_detail(database: Database, run: RunId) -> RunDetail | None:
    """Gather a run's detail; None where there is no such run."""
    row = await database.fetchrow(SQL.get_run, run)
    if row is None:
        return None
    columns = dict(row)
    columns |= {name: read_json(columns[name]) for name in _JSON}
    queue_job, expected = columns.pop("queue_job"), columns.pop("expected")
    ended = [_attempt(one) for one in await database.fetch(SQL.run_attempts, run)]
    begins = None
    if row["state"] == "queued" and queue_job is not None:
        begins = await _begins_at(database, queue_job)
    detail = RunDetail(
        **columns,
        why="",
        begins_at=begins,
        attempts=[],
        shards=await _shards(database, run, expected),
    )
    attempts = [*ended, *_current(detail, ended)]
    detail = msgspec.structs.replace(detail, attempts=attempts)
    return msgspec.structs.replace(detail, why=explain(detail))


def read_json(text: str | None) -> object:
    """Decode JSON text; None stays None."""
    return None if text is None else msgspec.json.decode(text)


async def _begins_at(database: Database, queue_job: int) -> datetime | None:
    # Whoever queued the run made the queue's tables; a restored dump may lack them.
    if not await database.fetchval(SQL.queue_exists):
        return None
    found: datetime | None = await database.fetchval(SQL.begins_at, queue_job)
    return found


async def _shards(
    database: Database, run: RunId, expected: int | None
) -> ShardCount | None:
    if expected is None:
        return None
    rows = await database.fetch(SQL.shard_states, run)
    states = {row["state"]: row["count"] for row in rows}
    done = sum(count for state, count in states.items() if state not in _UNFINISHED)
    return ShardCount(total=expected, done=done, states=states)


def _attempt(row: Record) -> RunAttempt:
    return RunAttempt(**dict(row) | {"error": read_json(row["error"])})


def _current(run: RunDetail, ended: Sequence[RunAttempt]) -> list[RunAttempt]:
    """The attempt that the run's own row tells of; none where a slot got no run."""
    # The row keeps worker and instant of the attempt before until the next one begins.
    begun = run.started_at is not None and run.started_at not in {
        one.started_at for one in ended
    }
    if not begun and run.state in ("skipped", "misfired"):
        return []
    return [
        RunAttempt(
            attempt=run.attempt,
            state=run.state,
            worker=run.worker if begun else None,
            started_at=run.started_at if begun else None,
            ended_at=run.finished_at,
            seconds=run.seconds if begun else None,
            error=None if run.state in _UNFINISHED else run.error,
            note=run.note,
        )
    ]
