"""What plugin zero is handed beyond every plugin's context: the host itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol, TypeAlias

import msgspec

from nxforge_core.api import (
    Model,
    PluginContext,
    PluginId,
    RunId,
    SettingsSpec,
    Storage,
)
from nxforge_core.api.pages import Page
from nxforge_core.database import ServerInfo
from nxforge_core.events import EventHub
from nxforge_core.jobs import Plans, Runs, Statistics
from nxforge_core.plugins import Ledger, Plugin
from nxforge_core.plugins.settings import SettingsBook
from nxforge_core.plugins.upkeep import MigrationStep, Orphan, Plan, Receipt
from nxforge_core.security import Networks, Principal
from nxforge_core.security.audit import Actor
from nxforge_core.services.notify import NotifyDesk
from nxforge_core.settings import LoadedSettings
from nxforge_core.ui import Bundle

from ._security import Security
from ._shared import SharedAnswers
from ._streams import LiveStreams

__all__ = [
    "CheckResult",
    "CoreContext",
    "Host",
    "PluginWord",
    "Readiness",
    "Stored",
    "Upkeep",
]


class Readiness(msgspec.Struct, frozen=True):
    """Whether the host should be given requests, and what each part says."""

    ready: bool
    checks: Mapping[str, str]


class CheckResult(Model):
    """What one health check of a plugin found."""

    name: str
    state: Literal["ok", "failing"]
    detail: str
    milliseconds: float


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """Room that something takes in the database.

    Attributes:
        what: Runs with their logs, the audit trail, a plugin's own tables, or the rest.
        plugin: Whose.
        size: In bytes, indexes included.
        oldest: When the oldest of it is from; None where there is nothing yet.
    """

    what: Literal["runs", "audit", "plugin", "rest"]
    plugin: str | None
    size: int
    oldest: datetime | None


#: What an admin says of a plugin.
PluginWord: TypeAlias = Literal["enable", "disable", "reload"]


class Upkeep(Protocol):
    """What is done to plugins beyond switching them."""

    async def plan(self, plugin: str, *, rehearse: bool = False) -> Plan:
        """What it would change to run it as it is installed now."""
        ...

    async def migrations(self, plugin: str) -> list[MigrationStep]:
        """Its migrations, applied or not."""
        ...

    async def orphans(self) -> list[Orphan]:
        """Plugins whose package is gone and whose data is still here."""
        ...

    async def remove(self, plugin: str, by: Actor, *, export: bool) -> Receipt:
        """Take out all that there is of a disabled plugin, after an export."""
        ...

    async def restore(self, file: str, by: Actor) -> str:
        """Bring a plugin back from an export that `remove` wrote; answers its id."""
        ...

    async def agree(self, plugin: str, version: str, by: Actor) -> None:
        """Let it have what this version asks for; every process tries it again."""
        ...


class Host(Protocol):
    """What plugin zero asks of the host."""

    @property
    def loaded(self) -> LoadedSettings:
        """What the host was started with."""
        ...

    @property
    def server(self) -> ServerInfo:
        """The database's server, as it was at the start."""
        ...

    @property
    def runs(self) -> Runs:
        """Finished and unfinished runs."""
        ...

    @property
    def plans(self) -> Plans:
        """Jobs as operators see and change them."""
        ...

    @property
    def statistics(self) -> Statistics:
        """How jobs go."""
        ...

    @property
    def security(self) -> Security:
        """People, tokens and the audit trail."""
        ...

    @property
    def networks(self) -> Networks:
        """Where outgoing requests may go."""
        ...

    @property
    def streams(self) -> LiveStreams:
        """The event streams that are open."""
        ...

    @property
    def page_streams(self) -> LiveStreams:
        """Those of browsers that look at pages, which are told little."""
        ...

    @property
    def shared(self) -> SharedAnswers:
        """What was answered to open pages a moment ago."""
        ...

    @property
    def hub(self) -> EventHub:
        """Where events meet."""
        ...

    @property
    def edition(self) -> str:
        """Another one whenever other plugins, or others of their files, are at work."""
        ...

    def permission_of_event(self, source: str, name: str) -> str | None:
        """What a consumer needs to see a plugin's events; None: no consumer may."""
        ...

    def plugins(self) -> Sequence[Plugin]:
        """Every plugin that is installed, in load order."""
        ...

    def pages(self) -> Sequence[tuple[Page, PluginContext]]:
        """Pages of the running plugins, each with the context of its plugin."""
        ...

    def modules_of(self, plugin: str) -> Bundle | None:
        """The files that a plugin ships for browsers; None where they may not run."""
        ...

    async def look_for_plugins(self) -> None:
        """Know what pip brought or took away meanwhile."""
        ...

    async def change_plugin(self, plugin: str, word: PluginWord, by: Actor) -> None:
        """Enable, disable or reload a plugin, here and in every other process."""
        ...

    @property
    def restarts(self) -> bool:
        """Whether this process can start anew."""
        ...

    async def restart(self, by: Actor) -> None:
        """Have every process start anew."""
        ...

    @property
    def settings_book(self) -> SettingsBook:
        """What admins set of plugins."""
        ...

    @property
    def notify_desk(self) -> NotifyDesk:
        """Whom plugins tell."""
        ...

    @property
    def ledger(self) -> Ledger:
        """What each plugin costs in this process."""
        ...

    def storage_of(self, plugin: PluginId) -> Storage:
        """The files of a plugin, whether it runs or not."""
        ...

    async def change_settings(
        self,
        plugin: str,
        spec: SettingsSpec,
        by: Actor,
        given: Mapping[str, object],
        unset: Collection[str],
    ) -> None:
        """Change settings of a plugin, here and in every other process."""
        ...

    @property
    def upkeep(self) -> Upkeep:
        """Plans, consent."""
        ...

    async def check_plugin(self, plugin: str) -> Sequence[CheckResult]:
        """Run a plugin's health checks and keep its state true to them."""
        ...

    async def readiness(self) -> Readiness:
        """Ask the database and the engine."""
        ...

    async def storage(self) -> Sequence[Stored]:
        """What takes room in the database, the largest first."""
        ...

    async def openapi(self) -> Mapping[str, Any]:
        """The document of all routes that answer now."""
        ...

    async def run_job(
        self, plugin: str, job: str, params: Mapping[str, Any], caller: Principal
    ) -> RunId:
        """Queue a manual run."""
        ...

    async def cancel_run(self, run: RunId, caller: Principal) -> None:
        """End a run that is not finished, its shards with it."""
        ...

    async def rerun(
        self, run: RunId, only: Literal["all", "failed"], caller: Principal
    ) -> RunId:
        """Queue a run that repeats another one, or just what failed of it."""
        ...

    async def metrics(self, *, openmetrics: bool = False) -> bytes:
        """The metrics of this process, as Prometheus reads them, or as OpenMetrics."""
        ...


@dataclass(frozen=True, kw_only=True)
class CoreContext(PluginContext[None]):
    """The context of plugin zero."""

    host: Host
