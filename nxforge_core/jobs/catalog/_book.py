"""The jobs of this process, with what operators changed about them."""

from __future__ import annotations

from typing import Any

from nxforge_core.api import (
    Database,
    JobSpec,
    Log,
    PluginContext,
    PluginId,
)

from ._changed import changed_job
from ._job import Job
from ._override import Override
from ._overrides import Overrides
from ._registry import Registry

__all__ = ["JobBook"]


class JobBook:
    """Joins the registry with the table of overrides, as `reload` read it last.

    Args:
        database: On the core schema.
    """

    def __init__(self, registry: Registry, database: Database, log: Log) -> None:
        self._registry = registry
        self._stored = Overrides(database)
        self._log = log
        self._overrides: dict[tuple[str, str], Override] = {}
        self._told: set[tuple[str, str, str]] = set()

    async def reload(self) -> bool:
        """Read all overrides; answer whether any is another than before."""
        rows = await self._stored.list_all()
        overrides: dict[tuple[str, str], Override] = {
            (row.plugin, row.job): row for row in rows
        }
        changed = overrides != self._overrides
        self._overrides = overrides
        self._tell_notices()
        return changed

    def jobs(self) -> list[Job]:
        """All of them, disabled ones too."""
        return [self._job(plugin, spec) for plugin, spec in self._registry.jobs()]

    def job(self, plugin: PluginId, name: str) -> Job | None:
        """One of them, or None where the plugin or the job is not here."""
        spec = self._registry.job(plugin, name)
        return None if spec is None else self._job(plugin, spec)

    def context(self, plugin: PluginId) -> PluginContext[Any]:
        """The context of a plugin that `jobs` named."""
        return self._registry.context(plugin)

    def _job(self, plugin: PluginId, spec: JobSpec) -> Job:
        return changed_job(plugin, spec, self._overrides.get((plugin, spec.name)))

    def _tell_notices(self) -> None:
        told: set[tuple[str, str, str]] = {
            (*job.key, notice)
            for job in self.jobs()
            if job.override is not None
            for notice in job.notices
        }
        for plugin, name, notice in sorted(told - self._told):
            self._log.warning(
                "job_override_ignored", plugin=plugin, job=name, why=notice
            )
        self._told = told
