"""The typed face of pluggy: the only module that touches `pm.hook`.

pluggy calls all implementations of a hook at once, and one that raises discards what
the others returned. Here each plugin's implementations are called alone and timed.
"""

from __future__ import annotations

import inspect
from contextlib import AbstractAsyncContextManager
from functools import partial
from importlib import import_module
from types import ModuleType
from typing import Final, TypeVar, final

import pluggy
from pluggy import HookImpl

from nxforge_core.api import (
    Clock,
    CommandSpec,
    HealthSpec,
    JobSpec,
    MigrationsSpec,
    PluginContext,
    PluginId,
    RouteSpec,
    SettingsSpec,
    SubscriptionSpec,
    hookspecs,
)
from nxforge_core.api._markers import PROJECT
from nxforge_core.api.pages import Page

from ._calls import CallLog
from ._candidate import Candidate
from ._errors import HookRaisedError, HookResultError
from ._forms import MANAGER, Form, list_of, one
from ._origin import NOWHERE, Place, place_of_code
from ._plugin import Commands, HookCall, Lifespan
from ._problem import Fault
from ._signatures import Marked, check_functions

__all__ = ["HookCaller"]

T = TypeVar("T")


@final
class HookCaller:
    """Calls the hooks of plugins, one plugin at a time.

    Every call is timed and kept (`calls`). The methods named after hooks raise
    `HookRaisedError` when the implementation raises and `HookResultError` when it
    returns something else than the specification says.
    """

    def __init__(self, clock: Clock) -> None:
        self._log: Final = CallLog(clock)
        self._manager: Final = pluggy.PluginManager(PROJECT)
        self._manager.add_hookspecs(hookspecs)
        self._owners: Final[dict[PluginId, Candidate]] = {}

    def calls(self, plugin: PluginId) -> tuple[HookCall, ...]:
        """What was called of a plugin so far, in order."""
        return self._log.of(plugin)

    def import_module(self, plugin: Candidate) -> ModuleType:
        """Import the plugin's module. Raises whatever the module raises."""
        with self._log.timing(plugin.id, "import") as outcome:
            module = plugin.imported or import_module(plugin.module)
            outcome.text = "imported"
        return module

    def register(self, plugin: Candidate, module: ModuleType) -> list[Fault]:
        """Take the hooks of a module; with any fault none of them."""
        marked = self._marked(module)
        faults = list(check_functions(marked, module, plugin))
        if not faults:
            self._manager.register(module, plugin.id)
            self._owners[plugin.id] = plugin
        return faults

    def forget(self, plugin: PluginId) -> None:
        """Call the hooks of a plugin no more, and forget what was called of it."""
        if self._manager.has_plugin(plugin):
            self._manager.unregister(name=plugin)
        self._owners.pop(plugin, None)
        self._log.forget(plugin)

    def place(self, plugin: PluginId, hook: str) -> Place:
        """Where the plugin implements a hook; nowhere if it does not."""
        impls = self._implementations(plugin, hook)
        return self._place(impls[0]) if impls else NOWHERE

    def routes(self, plugin: PluginId) -> tuple[RouteSpec, ...]:
        """What `nxforge_routes` returns."""
        return self._many(plugin, "nxforge_routes", RouteSpec)

    def jobs(self, plugin: PluginId) -> tuple[JobSpec, ...]:
        """What `nxforge_jobs` returns."""
        return self._many(plugin, "nxforge_jobs", JobSpec)

    def migrations(self, plugin: PluginId) -> MigrationsSpec | None:
        """What `nxforge_migrations` returns."""
        return self._single(plugin, "nxforge_migrations", MigrationsSpec)

    def settings(self, plugin: PluginId) -> SettingsSpec | None:
        """What `nxforge_settings` returns."""
        return self._single(plugin, "nxforge_settings", SettingsSpec)

    def pages(self, plugin: PluginId) -> tuple[Page, ...]:
        """What `nxforge_pages` returns."""
        return self._many(plugin, "nxforge_pages", Page)

    def health(self, plugin: PluginId) -> tuple[HealthSpec, ...]:
        """What `nxforge_health` returns."""
        return self._many(plugin, "nxforge_health", HealthSpec)

    def events(self, plugin: PluginId) -> tuple[SubscriptionSpec, ...]:
        """What `nxforge_events` returns."""
        return self._many(plugin, "nxforge_events", SubscriptionSpec)

    def lifespan(self, plugin: PluginId) -> Lifespan | None:
        """A function that calls `nxforge_lifespan`; None without implementation."""
        impls = self._implementations(plugin, "nxforge_lifespan")
        return partial(self._enter, impls[0]) if impls else None

    def commands(self, plugin: PluginId) -> Commands | None:
        """A function that calls `nxforge_commands`; None without implementation."""
        if not self._implementations(plugin, "nxforge_commands"):
            return None
        return partial(self._many, plugin, "nxforge_commands", CommandSpec)

    def _enter(
        self, impl: HookImpl, ctx: PluginContext
    ) -> AbstractAsyncContextManager[None]:
        return self._call(impl, "nxforge_lifespan", MANAGER, ctx=ctx)

    def _many(self, plugin: PluginId, hook: str, kind: type[T]) -> tuple[T, ...]:
        impls = self._implementations(plugin, hook)
        lists = [self._call(impl, hook, list_of(kind)) for impl in impls]
        return tuple(item for items in lists for item in items)

    def _single(self, plugin: PluginId, hook: str, kind: type[T]) -> T | None:
        impls = self._implementations(plugin, hook)
        return self._call(impls[0], hook, one(kind)) if impls else None

    def _call(
        self, impl: HookImpl, hook: str, form: Form[T], **given: PluginContext
    ) -> T:
        owner = self._owners[PluginId(impl.plugin_name)]
        place = self._place(impl)
        with self._log.timing(owner.id, hook) as outcome:
            try:
                value = impl.function(*(given[name] for name in impl.argnames))
            except KeyboardInterrupt:
                raise
            except BaseException as error:
                # sys.exit() in a plugin is one more way to fail, not our order to end.
                outcome.text = f"raised {type(error).__name__}"
                raise HookRaisedError(
                    error, owner=owner, hook=hook, place=place
                ) from error
            outcome.text = f"returned {type(value).__name__}"
            taken = form.take(value)
            if taken is None:
                raise HookResultError(
                    value, wanted=form.wanted, owner=owner, hook=hook, place=place
                )
            outcome.text = form.tell(taken)
        return taken

    def _marked(self, module: ModuleType) -> list[Marked]:
        found = []
        for name, function in sorted(vars(module).items()):
            if not inspect.isroutine(function):
                continue
            if marks := self._manager.parse_hookimpl_opts(module, name):
                found.append(Marked(name, function, marks))
        return found

    def _implementations(self, plugin: PluginId, hook: str) -> list[HookImpl]:
        every = getattr(self._manager.hook, hook).get_hookimpls()
        return [impl for impl in every if impl.plugin_name == plugin]

    def _place(self, impl: HookImpl) -> Place:
        owner = self._owners[PluginId(impl.plugin_name)]
        return place_of_code(impl.function, owner.folder)
