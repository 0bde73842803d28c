"""What the host knows of one plugin."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Final, Literal, TypeAlias

import msgspec

from nxforge_core.api import (
    CommandSpec,
    HealthSpec,
    JobSpec,
    Manifest,
    MigrationsSpec,
    PluginContext,
    RouteSpec,
    SettingsSpec,
    SubscriptionSpec,
)
from nxforge_core.api.pages import Page

from ._problem import Owner, Problem

__all__ = [
    "ACTIVE",
    "Commands",
    "HookCall",
    "Lifespan",
    "Plugin",
    "PluginSpecs",
    "PluginState",
]

PluginState = Literal[
    "discovered",
    "incompatible",
    "disabled",
    "enabled",
    "running",
    "quarantined",
    "degraded",
    "missing",
]
#: States in which a plugin is, or is about to be, at work.
ACTIVE: Final[frozenset[PluginState]] = frozenset({"enabled", "running", "degraded"})

Lifespan: TypeAlias = Callable[[PluginContext], AbstractAsyncContextManager[None]]
Commands: TypeAlias = Callable[[], tuple[CommandSpec, ...]]


class HookCall(msgspec.Struct, frozen=True):
    """One call of a hook, or the import of the module (`hook` is `import`).

    Attributes:
        outcome: What came of it, in words: `3 RouteSpec`, `raised ValueError`.
    """

    hook: str
    seconds: float
    outcome: str


class PluginSpecs(msgspec.Struct, frozen=True, kw_only=True):
    """What a plugin adds to the host: checked, in the order it named them.

    Attributes:
        lifespan: Calls the plugin's hook when called; None if it has none.
        commands: Likewise; an error of the hook is a `HookError`.
    """

    routes: tuple[RouteSpec, ...] = ()
    jobs: tuple[JobSpec, ...] = ()
    migrations: MigrationsSpec | None = None
    settings: SettingsSpec | None = None
    pages: tuple[Page, ...] = ()
    health: tuple[HealthSpec, ...] = ()
    events: tuple[SubscriptionSpec, ...] = ()
    lifespan: Lifespan | None = None
    commands: Commands | None = None


class Plugin(Owner, frozen=True, kw_only=True):
    """One plugin at one moment; a change of state is a new value.

    Attributes:
        version: Of the distribution; empty if its metadata could not be read.
        manifest: None if there is none that can be read.
        wanted: Whether `plugins.enable` names it.
        since: When it came into its state, aware UTC.
        problem: Why it is not at work, or why it is degraded.
        calls: Calls of its hooks up to its last change of state, in order.
    """

    version: str
    manifest: Manifest | None
    state: PluginState
    wanted: bool
    since: datetime
    problem: Problem | None = None
    specs: PluginSpecs = PluginSpecs()
    calls: tuple[HookCall, ...] = ()

    def is_found_as(self, record: Plugin) -> bool:
        """Whether a look at what is installed told the same, whenever that was."""
        return self._facts == record._facts

    @property
    def _facts(self) -> tuple[object, ...]:
        words = self.problem.message if self.problem else None
        return (
            *(self.distribution, self.version, self.folder, self.manifest),
            *(self.state, self.wanted, words),
        )
