"""Deleting what was kept long enough."""

from __future__ import annotations

from collections.abc import Iterable

from nxforge_core.api import Database
from nxforge_core.jobs._sql import SQL
from nxforge_core.jobs.catalog import Job

__all__ = ["delete_old_runs"]


async def delete_old_runs(database: Database, jobs: Iterable[Job]) -> int:
    """Delete finished runs that their job keeps no longer; answer how many.

    Those of jobs that are gone go 90 days after the last one; overrides stay, because
    a plugin may come back.
    """
    here = list(jobs)
    deleted = 0
    for job in here:
        kept = (*job.key, job.spec.keep_days)
        await database.execute(SQL.forget_old_idle, *kept)
        deleted += await _delete(database, *kept, job.spec.keep_runs)
    keys = [job.plugin for job in here], [job.name for job in here]
    for gone in await database.fetch(SQL.gone_jobs, *keys):
        # Nothing is kept for it: 0 days.
        deleted += await _delete(database, gone["plugin"], gone["job"], 0, 1)
    await database.execute(SQL.forget_gone_idle, *keys)
    await database.execute(SQL.forget_gone_schedules, *keys)
    return deleted


async def _delete(
    database: Database, plugin: str, job: str, days: int, runs: int
) -> int:
    """In transactions of bounded size, so that none holds locks for long."""
    deleted = 0
    while True:
        tag = await database.execute(SQL.forget_old, plugin, job, days, runs)
        if not (batch := int(tag.rpartition(" ")[2])):
            return deleted
        deleted += batch
