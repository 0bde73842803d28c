"""Storing what operators change, so that no process fires the old after it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from msgspec import UNSET

from nxforge_core.api import (
    Clock,
    Connection,
    Database,
    JobName,
    JobSpec,
    Manual,
    PluginId,
)
from nxforge_core.jobs._plain import json_text
from nxforge_core.jobs._sql import SQL
from nxforge_core.jobs.triggers import trigger_text
from nxforge_core.services import SystemClock

from ._changed import changed_job, check_override
from ._job import Job
from ._override import OVERRIDABLE, JobPatch, Override, RetryPatch

__all__ = ["CHANNEL", "Overrides"]

#: Notified with `plugin/job` at each change.
CHANNEL: Final = "nxforge_jobs"
#: Stands in a row that is not stored yet: the database knows the time of a change.
_NEVER: Final = datetime.min.replace(tzinfo=UTC)


class Overrides:
    """The table of overrides.

    A change and the job's row of the schedule are one transaction: firing a slot
    holds that row, so from the commit on no process fires what was before. Changes
    come one after another, and none comes while a process observes its jobs.

    Args:
        database: On the core schema.
    """

    def __init__(self, database: Database, clock: Clock | None = None) -> None:
        self._database = database
        self._clock = clock or SystemClock()

    async def list_all(self) -> list[Override]:
        """Every override, those of jobs that are not here too."""
        return await self._database.structs(Override, SQL.list_overrides)

    async def get(self, plugin: str, job: str) -> Override | None:
        """The override of one job, None where nothing is changed."""
        return await _get(self._database, plugin, job)

    async def change(
        self, plugin: PluginId, spec: JobSpec, patch: JobPatch, by: str
    ) -> Job:
        """Store a change and answer the job as it is now.

        Args:
            plugin: The job's owner.
            spec: The plugin's own, not the one in force.
            patch: What to change.
            by: Who wishes it.

        Raises:
            InvalidCronError: the cron text is wrong, with the position.
            InvalidInputError: names the field, its value and what is expected.
        """
        async with self._database.transaction() as connection:
            await connection.execute(SQL.lock_overrides)
            before = await _get(connection, plugin, spec.name)
            override = _patched(before, plugin, spec, patch, by)
            check_override(spec, override)
            job = changed_job(plugin, spec, await _store(connection, override))
            await self._plan(connection, job)
            await connection.execute(SQL.tell_override, *job.key)
        return job

    async def reset(
        self,
        plugin: PluginId,
        spec: JobSpec,
        by: str,
        fields: Collection[str] = OVERRIDABLE,
    ) -> Job:
        """Return all or some fields to the plugin's own values."""
        patch = JobPatch(**dict.fromkeys(fields, None))
        return await self.change(plugin, spec, patch, by)

    async def disable(self, plugin: str, job: str, by: str, note: str) -> None:
        """Let a job run no more, and note why; all else stays as it is."""
        async with self._database.transaction() as connection:
            await connection.execute(SQL.lock_overrides)
            await connection.execute(SQL.disable_job, plugin, job, note, by)
            await connection.execute(SQL.unplan, plugin, job)
            await connection.execute(SQL.tell_override, plugin, job)

    async def _plan(self, connection: Connection, job: Job) -> None:
        trigger = job.spec.trigger
        if not job.enabled or isinstance(trigger, Manual):
            await connection.execute(SQL.unplan, *job.key)
            return
        # Where there is no row the processes that have the job make one.
        await connection.execute(
            SQL.replan, *job.key, trigger_text(trigger), self._clock.now()
        )


async def _get(connection: Connection, plugin: str, job: str) -> Override | None:
    found = await connection.structs(Override, SQL.get_override, plugin, job)
    return found[0] if found else None


async def _store(connection: Connection, override: Override) -> Override | None:
    if not override.fields:
        key = override.plugin, override.job
        await connection.execute(SQL.drop_override, *key)
        return None
    *values, _ = msgspec.structs.astuple(override)
    stored = await connection.structs(Override, SQL.store_override, *values)
    return stored[0]


def _patched(
    before: Override | None, plugin: PluginId, spec: JobSpec, patch: JobPatch, by: str
) -> Override:
    base = before or Override(
        plugin=plugin,
        job=JobName(spec.name),
        enabled=True,
        trigger=None,
        params=None,
        timeout=None,
        retry=None,
        note=None,
        changed_by=by,
        changed_at=_NEVER,
    )
    changes: dict[str, Any] = {"changed_by": by}
    for name in ("trigger", "params"):
        if (value := getattr(patch, name)) is not UNSET:
            changes[name] = None if value is None else json_text(value)
    if patch.retry is not UNSET:
        changes["retry"] = _retry(base.retry, patch.retry)
    if patch.timeout is not UNSET:
        changes["timeout"] = patch.timeout
    if patch.enabled is not UNSET:
        # A reason belongs to the disabling that it was given for.
        changes |= {"enabled": patch.enabled is not False, "note": None}
    return msgspec.structs.replace(base, **changes)


def _retry(stored: str | None, patch: RetryPatch | None) -> str | None:
    if patch is None:
        return None
    before: dict[str, object] = msgspec.json.decode(stored) if stored else {}
    return json_text(before | msgspec.to_builtins(patch))
