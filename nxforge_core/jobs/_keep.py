"""Deleting what was kept long enough."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from nxforge_core.api import Database

from ._job import Job
from ._sql import SQL

__all__ = ["delete_old_runs"]

#: As in the statement: a transaction that deletes more would hold locks for long.
_BATCH: Final = 5000


async def delete_old_runs(database: Database, jobs: Iterable[Job]) -> int:
    """Delete finished runs past `keep_days` of their job; answer how many."""
    deleted = 0
    for job in jobs:
        kept = (*job.key, job.spec.keep_days)
        await database.execute(SQL.forget_old_idle, *kept)
        batch = _BATCH
        while batch == _BATCH:
            tag = await database.execute(SQL.forget_old, *kept)
            batch = int(tag.rpartition(" ")[2])
            deleted += batch
    return deleted
