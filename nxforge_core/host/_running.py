"""A host at work, as plugin zero's routes ask it."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from threading import Lock
from typing import Any, Final, Literal

from nxforge_core.api import PluginContext, PluginId, RunId, SettingsSpec, Storage
from nxforge_core.api.pages import Page
from nxforge_core.builtin import (
    CheckResult,
    LiveStreams,
    PluginWord,
    Readiness,
    Security,
    SharedAnswers,
    Stored,
)
from nxforge_core.builtin.pages import settings_page
from nxforge_core.database import ServerInfo
from nxforge_core.events import EventHub, matches
from nxforge_core.jobs import Engine, Plans, Runs, Statistics
from nxforge_core.plugins import BUILT_IN, Inventory, Ledger, Plugin
from nxforge_core.plugins.settings import SettingsBook
from nxforge_core.security import Networks, Principal
from nxforge_core.security.audit import Actor
from nxforge_core.services.notify import NotifyDesk
from nxforge_core.settings import LoadedSettings
from nxforge_core.ui import Bundle, bundle_of, forget_bundles

from ._application import PluginApplication
from ._blocking import Blocking
from ._budget import StopBudget
from ._core import Core
from ._generation import Generation
from ._later import LaterApplication
from ._metering import Metering
from ._openapi import compose
from ._readiness import readiness_of
from ._rooms import Rooms
from ._routing import generation_of
from ._starter import Started
from ._storage import measure
from ._tuning import Tuning
from ._watch import Watch
from .lifecycle import Conductor, say_restart
from .upkeep import UpkeepDesk

__all__ = ["Running"]

#: Browsers with open pages: each is told some words a second at the most.
_PAGES: Final = 1_000


@dataclass(slots=True, kw_only=True)
class Running:
    """Implements `nxforge_core.builtin.Host`; `generation` is swapped as a whole."""

    loaded: LoadedSettings
    core: Core
    inventory: Inventory
    hub: EventHub
    engine: Engine
    runs: Runs
    plans: Plans
    statistics: Statistics
    metering: Metering
    security: Security
    networks: Networks
    blocking: Blocking
    watch: Watch
    budget: StopBudget
    settings_book: SettingsBook
    rooms: Rooms
    notify_desk: NotifyDesk
    required: Collection[str]
    version: str
    restarts: bool
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    streams: LiveStreams = field(init=False)
    page_streams: LiveStreams = field(init=False)
    shared: SharedAnswers = field(default_factory=SharedAnswers)
    notices: Mapping[str, str] = field(default_factory=dict)
    started: Mapping[PluginId, Started] = field(default_factory=dict)
    allow_modules: bool = True
    conductor: Conductor = field(init=False)
    upkeep: UpkeepDesk = field(init=False)
    tuning: Tuning = field(init=False)
    _forms: Sequence[Page] = ()
    context: PluginContext = field(init=False)
    zero: PluginApplication | LaterApplication = field(init=False)
    generation: Generation = field(init=False)
    edition: str = ""
    _document: Mapping[str, Any] | None = None
    _editions: Mapping[PluginId, int] = field(default_factory=dict)
    _composing: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        """Let event streams end when the host stops, and answers grow old by events."""
        self.streams = LiveStreams(self.closing)
        self.page_streams = LiveStreams(self.closing, _PAGES)
        self.hub.open_tap(self.shared.hear)

    @property
    def server(self) -> ServerInfo:
        """What the database is."""
        return self.core.server

    def drain(self) -> None:
        """End what never ends by itself; the time of the host's stop begins."""
        self.budget.begin()
        self.closing.set()

    async def rest(self) -> None:
        """Let running jobs end, and begin no other; whoever streams comes again."""
        self.engine.drain()
        self.renew_streams()
        await self.engine.ended()

    def show(
        self,
        started: Mapping[PluginId, Started],
        editions: Mapping[PluginId, int] | None = None,
    ) -> None:
        """Answer for these plugins from now on, and say of others why they do not.

        Args:
            started: Those that are at work.
            editions: How often something was said of each; None: as before.
        """
        self.started = dict(started)
        if editions is not None:
            self._editions = dict(editions)
        self.security.roles.learn(
            one.manifest for one in self.inventory if one.manifest
        )
        self._document = None
        self._forms = self._settings_pages()
        self.generation = generation_of(self.zero.asgi, self.started, self.plugins())
        self.renew_files()

    def renew_files(self) -> None:
        """Read anew what plugins ship for browsers, and tell pages that are open."""
        forget_bundles()
        facts = [
            (name, one.plugin.version, self._editions.get(name), self._digest_of(name))
            for name, one in self.started.items()
        ]
        self.edition = sha256(repr(facts).encode()).hexdigest()[:12]
        self.hub.wake_taps()

    def _digest_of(self, plugin: PluginId) -> str:
        bundle = self.modules_of(plugin)
        return bundle.digest if bundle else ""

    def renew_streams(self) -> None:
        """End what is open since before: its readers show that they still may."""
        self.hub.end_taps("renew")
        self.streams.renew()

    def plugins(self) -> Sequence[Plugin]:
        """Every installed plugin, in load order, plugin zero left out."""
        return [plugin for plugin in self.inventory if plugin.id != BUILT_IN]

    def permission_of_event(self, source: str, name: str) -> str | None:
        """The permission that the manifest names for it, the most exact entry first."""
        if source not in self.inventory:
            return None
        manifest = self.inventory[source].manifest
        emits = manifest.events.emits if manifest else ()
        fitting = [each for each in emits if matches(each.name, name)]
        best = max(fitting, key=lambda each: len(each.name), default=None)
        return best.permission if best else None

    def pages(self) -> Sequence[tuple[Page, PluginContext]]:
        """Pages of the running plugins, then the system's own."""
        own = self.inventory[BUILT_IN].specs.pages
        return [
            (page, one.context)
            for one in self.started.values()
            for page in one.plugin.specs.pages
        ] + [(page, self.context) for page in (*own, *self._forms)]

    def _settings_pages(self) -> list[Page]:
        given = self.loaded.settings.plugin
        pages = [settings_page(one, given.get(one.id, ())) for one in self.plugins()]
        return [page for page in pages if page is not None]

    def modules_of(self, plugin: str) -> Bundle | None:
        """The files that a plugin ships for browsers; None where they may not run."""
        if plugin == BUILT_IN:
            folder = self.inventory[BUILT_IN].folder
        else:
            started = self.started.get(PluginId(plugin))
            folder = started.plugin.folder if started and self.allow_modules else None
        return bundle_of(plugin, folder) if folder else None

    async def look_for_plugins(self) -> None:
        """Know what pip brought or took away meanwhile."""
        await self.conductor.look()

    async def change_plugin(self, plugin: str, word: PluginWord, by: Actor) -> None:
        """Enable, disable or reload a plugin, here and in every other process."""
        await self.conductor.change(plugin, word, by)

    async def restart(self, by: Actor) -> None:
        """Have every process start anew that is the host's own."""
        await say_restart(self.core.database, by)

    @property
    def ledger(self) -> Ledger:
        """What each plugin costs in this process."""
        return self.metering.ledger

    def storage_of(self, plugin: PluginId) -> Storage:
        """The files of a plugin, whether it runs or not."""
        return self.rooms.of(plugin)

    async def change_settings(
        self,
        plugin: str,
        spec: SettingsSpec,
        by: Actor,
        given: Mapping[str, object],
        unset: Collection[str],
    ) -> None:
        """Change settings of a plugin, here and in every other process."""
        await self.settings_book.change(plugin, spec, by, given, unset)
        await self.tuning.apply(plugin)
        if self.inventory[plugin].state == "quarantined":
            await self.conductor.change(plugin, "reload", by)

    async def check_plugin(self, plugin: str) -> Sequence[CheckResult]:
        """Run a plugin's health checks; none where it does not run."""
        started = self.started.get(PluginId(plugin))
        return [] if started is None else await self.watch.check(started)

    async def readiness(self) -> Readiness:
        """Ask the database and the engine, and look at required plugins."""
        missing = [name for name in self.required if name not in self.started]
        return await readiness_of(self.engine.health(), self.core.database, missing)

    async def storage(self) -> Sequence[Stored]:
        """Measure the tables of the host and of its plugins."""
        return await measure(self.core.database)

    async def openapi(self) -> Mapping[str, Any]:
        """The document of all routes, made once, off the loop."""
        if self._document is None:
            return await asyncio.to_thread(self._compose)
        return self._document

    async def run_job(
        self, plugin: str, job: str, params: Mapping[str, Any], caller: Principal
    ) -> RunId:
        """Queue a manual run."""
        return await self.engine.run_now(PluginId(plugin), job, params, by=caller.name)

    async def cancel_run(self, run: RunId, caller: Principal) -> None:
        """End a run that is not finished, its shards with it."""
        await self.engine.cancel(run, by=caller.name)

    async def rerun(
        self, run: RunId, only: Literal["all", "failed"], caller: Principal
    ) -> RunId:
        """Queue a run that repeats another one, or just what failed of it."""
        return await self.engine.rerun(run, only, by=caller.name)

    async def metrics(self, *, openmetrics: bool = False) -> bytes:
        """The metrics of this process, as Prometheus reads them."""
        streams = {"pages": len(self.page_streams), "programs": len(self.streams)}
        return await self.metering.text(
            self.engine, self.core.database, streams, openmetrics=openmetrics
        )

    def _compose(self) -> Mapping[str, Any]:
        """Once, however many ask at a time and whoever of them stops waiting."""
        with self._composing:
            if self._document is not None:
                return self._document
            started = self.started
            documents = {"nxforge": self.zero.openapi()}
            for name, one in started.items():
                documents[name] = one.application.openapi()
            made = compose(self.version, documents)
            # Other plugins may be at work by now.
            if self.started is started:
                self._document = made
            return made
