"""Ask a plugin for all its specs, and judge them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Final, TypeAlias, TypeVar, final
from weakref import WeakSet

from nxforge_core.api import CommandSpec, PluginId

from ._candidate import Candidate
from ._check import Scope
from ._check_events import check_events
from ._check_jobs import check_jobs
from ._check_pages import check_pages
from ._check_parts import (
    check_commands,
    check_health,
    check_migrations,
    check_settings,
)
from ._check_routes import check_routes
from ._errors import HookError
from ._hooks import HookCaller
from ._plugin import PluginSpecs
from ._problem import Fault

__all__ = ["Collector"]

T = TypeVar("T")
#: Modules of plugin zero that were found good: later hosts do not look again.
_GOOD: Final[WeakSet[ModuleType]] = WeakSet()
Check: TypeAlias = Callable[[T, Scope], Iterable[Fault]]


@final
class Collector:
    """Calls the hooks of one registered plugin and gathers what is wrong.

    Attributes:
        unanswered: Hooks that raised, or returned something else than they should.
        refused: What is wrong with the specs, by the hook that returned them.
    """

    def __init__(self, plugin: Candidate, hooks: HookCaller) -> None:
        self._plugin: Final = plugin
        self._hooks: Final = hooks
        self.unanswered: Final[list[Fault]] = []
        self.refused: Final[dict[str, list[Fault]]] = {}

    @property
    def faults(self) -> list[Fault]:
        """Everything found so far, of all hooks called."""
        return [*self.unanswered, *(one for of in self.refused.values() for one in of)]

    def specs(self) -> PluginSpecs:
        """What the plugin adds to the host.

        The hooks of the life span and of the commands are not called yet.
        """
        hooks, plugin = self._hooks, self._plugin.id
        specs = PluginSpecs(
            settings=self._ask("settings", hooks.settings, check_settings, None),
            migrations=self._ask(
                "migrations", hooks.migrations, check_migrations, None
            ),
            routes=self._ask("routes", hooks.routes, check_routes, ()),
            jobs=self._ask("jobs", hooks.jobs, check_jobs, ()),
            pages=self._ask("pages", hooks.pages, check_pages, ()),
            health=self._ask("health", hooks.health, check_health, ()),
            events=self._ask("events", hooks.events, check_events, ()),
            lifespan=hooks.lifespan(plugin),
            commands=hooks.commands(plugin),
        )
        if self._plugin.imported is not None and not self.faults:
            _GOOD.add(self._plugin.imported)
        return specs

    def commands(self) -> tuple[CommandSpec, ...]:
        """The plugin's commands; its other hooks are not called."""
        command = self._hooks.commands(self._plugin.id)
        if command is None:
            return ()
        return self._ask("commands", lambda _: command(), check_commands, ())

    def _ask(
        self, hook: str, call: Callable[[PluginId], T], check: Check[T], nothing: T
    ) -> T:
        try:
            found = call(self._plugin.id)
        except HookError as error:
            self.unanswered.append(Fault.from_error(error, self._plugin.folder))
            return nothing
        place = self._hooks.place(self._plugin.id, f"nxforge_{hook}")
        if self._plugin.imported not in _GOOD:
            self.refused[hook] = list(check(found, Scope(self._plugin, place)))
        return found
