"""A plugin's own jobs, asked for by its code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from nxforge_core.api import PluginId, RunId

__all__ = ["JobRunner", "PluginJobs"]


class JobRunner(Protocol):
    """Queues runs of any plugin's jobs."""

    async def run_now(
        self,
        plugin: PluginId,
        job: str,
        params: Mapping[str, object] | None,
        by: str,
    ) -> RunId:
        """Queue a run now."""
        ...


class PluginJobs:
    """Implements `nxforge_core.api.ports.Jobs`."""

    def __init__(self, runner: JobRunner, plugin: PluginId) -> None:
        self._runner = runner
        self._plugin = plugin

    async def run(self, job: str, params: Mapping[str, object] | None = None) -> RunId:
        """Queue a manual run."""
        return await self._runner.run_now(
            self._plugin, job, params, by=f"plugin {self._plugin}"
        )
