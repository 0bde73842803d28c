"""All plugins of a host with their states: the one place where a state changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final, final

import msgspec

from nxforge_core.api import Clock, PluginId

from ._errors import PluginStateError, UnknownPluginError
from ._hooks import HookCaller
from ._plugin import ACTIVE, Plugin, PluginSpecs, PluginState
from ._problem import Problem
from ._requirements import requires, unmet

__all__ = ["Inventory"]


@final
class Inventory:
    """The plugins in the order they are loaded: plugin zero, requirements, then by id.

    Iterating gives each `Plugin` as it is now.

    Attributes:
        hooks: Calls the hooks of those that are loaded.
        clock: Dates what happens to them.
        strays: Problems of entry points that got no record of their own, because they
            claim the id of plugin zero.
    """

    def __init__(
        self,
        plugins: Iterable[Plugin],
        hooks: HookCaller,
        clock: Clock,
        strays: tuple[Problem, ...] = (),
    ) -> None:
        self._plugins: Final = {plugin.id: plugin for plugin in plugins}
        self.hooks: Final = hooks
        self.clock: Final = clock
        self.strays: Final = strays
        self._told: Callable[[Plugin], None] | None = None

    def __iter__(self) -> Iterator[Plugin]:
        return iter(tuple(self._plugins.values()))

    def __len__(self) -> int:
        return len(self._plugins)

    def __contains__(self, plugin: object) -> bool:
        return plugin in self._plugins

    def __getitem__(self, plugin: str) -> Plugin:
        """The plugin with this id.

        Raises:
            UnknownPluginError: nobody installed it.
        """
        try:
            return self._plugins[PluginId(plugin)]
        except KeyError:
            raise UnknownPluginError(plugin, self._plugins) from None

    @property
    def active(self) -> tuple[Plugin, ...]:
        """Those that are, or are about to be, at work: enabled, running, degraded."""
        return tuple(plugin for plugin in self if plugin.state in ACTIVE)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Problems of the plugins that `plugins.enable` names, and the strays."""
        found = (plugin.problem for plugin in self if plugin.wanted)
        return tuple(problem for problem in found if problem) + self.strays

    def dependents(self, plugin: str) -> tuple[PluginId, ...]:
        """Active plugins that require this one, directly or through others."""
        reached = {self[plugin].id}
        for other in self.active:
            if not reached.isdisjoint(requires(other)):
                reached.add(other.id)
        return tuple(each.id for each in self.active if each.id in reached - {plugin})

    def follow(self, told: Callable[[Plugin], None]) -> None:
        """Call a function with each plugin that changes its state from now on."""
        self._told = told

    def record(self, plugin: Plugin) -> None:
        """Take a plugin as it is now; while its state lasts, so does its `since`."""
        known = self._plugins.get(plugin.id)
        lasts = known is not None and known.state == plugin.state
        if known is not None and lasts:
            plugin = msgspec.structs.replace(plugin, since=known.since)
        self._plugins[plugin.id] = plugin
        if not lasts and self._told is not None:
            self._told(plugin)

    def arrange(self, order: Iterable[PluginId]) -> None:
        """Be these, in this order: plugins may have come and gone since."""
        known = {plugin: self._plugins[plugin] for plugin in order}
        self._plugins.clear()
        self._plugins.update(known)

    def adopt(self, plugin: str, specs: PluginSpecs) -> None:
        """Keep what an enabled plugin adds to the host."""
        self._put(self._leaving(plugin, "enabled"), "enabled", specs=specs)

    def running(self, plugin: str) -> None:
        """Note that the plugin serves.

        Raises:
            PluginStateError: it is not enabled.
        """
        self._put(self._leaving(plugin, "running"), "running")

    def degraded(self, plugin: str, problem: Problem) -> None:
        """Note that the plugin serves and its health check fails.

        Raises:
            PluginStateError: it is not enabled.
        """
        self._put(self._leaving(plugin, "degraded"), "degraded", problem)

    def quarantine(self, plugin: str, problem: Problem) -> tuple[PluginId, ...]:
        """Put a plugin and all that require it out of service.

        Returns:
            The ids that were active and no longer are, those required by others
            first; each of the others has a problem that names what it requires.
        """
        before = self.active
        self._put(self[plugin], "quarantined", problem)
        for other in self.active:
            if error := unmet(other, self._plugins):
                follow = Problem.from_error(error, other, problem.phase, problem.at)
                self._put(other, "quarantined", follow)
        after = {each.id for each in self.active}
        return tuple(each.id for each in before if each.id not in after)

    def _leaving(self, plugin: str, wanted: PluginState) -> Plugin:
        found = self[plugin]
        if found.state not in ACTIVE:
            raise PluginStateError(plugin, found.state, wanted)
        return found

    def _put(
        self,
        plugin: Plugin,
        state: PluginState,
        problem: Problem | None = None,
        specs: PluginSpecs | None = None,
    ) -> None:
        self.record(
            msgspec.structs.replace(
                plugin,
                state=state,
                problem=problem,
                since=self.clock.now(),
                specs=specs or plugin.specs,
                calls=self.hooks.calls(plugin.id),
            )
        )
