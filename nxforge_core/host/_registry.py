"""The jobs of the running plugins, as the job engine asks for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from nxforge_core.api import JobSpec, PluginContext, PluginId
from nxforge_core.plugins import Plugin

__all__ = ["RunningJobs"]


class RunningJobs:
    """Implements `nxforge_core.jobs.Registry`."""

    def __init__(self) -> None:
        self._begun: dict[PluginId, Plugin] = {}
        self._running: Mapping[PluginId, PluginContext] = {}

    def begin(self, plugin: Plugin) -> None:
        """Let runs of a plugin that starts be asked for; nothing runs them yet."""
        self._begun[plugin.id] = plugin

    def show(self, running: Mapping[PluginId, PluginContext]) -> None:
        """Tell which of them run from now on; the others are here no more."""
        self._begun = {name: self._begun[name] for name in running}
        self._running = running

    def jobs(self) -> Iterable[tuple[PluginId, JobSpec]]:
        """All jobs, by plugin in load order."""
        for plugin in self._running:
            for spec in self._begun[plugin].specs.jobs:
                yield plugin, spec

    def job(self, plugin: PluginId, name: str) -> JobSpec | None:
        """One job, or None where the plugin or the job is not here."""
        if (begun := self._begun.get(plugin)) is None:
            return None
        return next((spec for spec in begun.specs.jobs if spec.name == name), None)

    def context(self, plugin: PluginId) -> PluginContext:
        """The context of a running plugin."""
        return self._running[plugin]
