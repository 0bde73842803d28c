"""The jobs of this process, with what operators changed about them."""

from __future__ import annotations

from typing import Any

from nxforge_core.api import Database, JobSpec, Log, PluginContext, PluginId

from ._job import Job
from ._registry import Registry

__all__ = ["JobBook"]


class JobBook:
    """Joins the registry with the table of overrides.

    Args:
        database: On the core schema.
    """

    def __init__(self, registry: Registry, database: Database, log: Log) -> None:
        self._registry = registry
        self._database = database
        self._log = log

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
        return Job(plugin=plugin, spec=spec)
