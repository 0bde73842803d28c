"""The jobs of the running plugins, as the job engine asks for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from nxforge_core.api import JobSpec, PluginContext, PluginId

from ._starter import Started

__all__ = ["RunningJobs"]


class RunningJobs:
    """Implements `nxforge_core.jobs.Registry`."""

    def __init__(self) -> None:
        self._started: Mapping[PluginId, Started] = {}

    def show(self, started: Mapping[PluginId, Started]) -> None:
        """Tell which plugins run from now on."""
        self._started = started

    def jobs(self) -> Iterable[tuple[PluginId, JobSpec]]:
        """All jobs, by plugin in load order."""
        for plugin, started in self._started.items():
            for spec in started.plugin.specs.jobs:
                yield plugin, spec

    def job(self, plugin: PluginId, name: str) -> JobSpec | None:
        """One job, or None where the plugin or the job is not here."""
        for owner, spec in self.jobs():
            if (owner, spec.name) == (plugin, name):
                return spec
        return None

    def context(self, plugin: PluginId) -> PluginContext:
        """The context of a running plugin."""
        return self._started[plugin].context
