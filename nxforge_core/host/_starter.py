"""Brings enabled plugins to work one by one; each failure stays with its plugin."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any, Final

from nxforge_core.api import (
    Browser,
    Clock,
    Http,
    PluginContext,
    PluginInfo,
    load_sql,
)
from nxforge_core.builtin import LiveStreams
from nxforge_core.database import DatabaseUnavailableError
from nxforge_core.events import EventHub
from nxforge_core.plugins import During, Inventory, Ledger, Phase, Plugin, Problem
from nxforge_core.plugins.settings import NO_SETTINGS, SettingsBook
from nxforge_core.plugins.upkeep import packages_of, surface_of
from nxforge_core.services import get_log, licensed_browser
from nxforge_core.services.notify import PluginNotify

from ._access import Access
from ._application import PluginApplication, build_application
from ._core import Core
from ._corners import Corners
from ._counted_http import CountedHttp
from ._generation import PLUGIN_PREFIX
from ._lifespans import Lifespans
from ._plugin_events import PluginEvents
from ._plugin_jobs import JobRunner, PluginJobs
from ._plugin_streams import PluginStreams
from ._problem import cause_of
from ._registry import RunningJobs
from ._rooms import Rooms
from ._traffic import Traffic

__all__ = ["Started", "Starter"]

_SQL: Final = load_sql("nxforge_core.host")


@dataclass(frozen=True, slots=True)
class Started:
    """A plugin at work.

    Attributes:
        traffic: Answers its requests.
        ends: Left when its work ends.
    """

    plugin: Plugin
    context: PluginContext
    application: PluginApplication
    traffic: Traffic
    ends: AsyncExitStack


@dataclass(frozen=True, slots=True)
class Starter:
    """What a plugin needs to come to work."""

    book: SettingsBook
    core: Core
    corners: Corners
    inventory: Inventory
    access: Access
    http: Http
    browser: Browser
    runner: JobRunner
    jobs: RunningJobs
    hub: EventHub
    streams: LiveStreams
    clock: Clock
    lifespans: Lifespans
    during: During
    rooms: Rooms
    ledger: Ledger

    async def start(self, plugin: Plugin) -> Started | None:
        """Bring an enabled plugin to work.

        Returns:
            None where it cannot start: it and those that require it are quarantined.

        Raises:
            DatabaseUnavailableError: the host itself has no database any more.
        """
        started = await self._attempt(plugin)
        # Not running if its life span broke in the meantime.
        if started is not None and self.inventory[plugin.id].state == "enabled":
            self.inventory.running(plugin.id)
            await self._remember(plugin)
        return started

    async def _attempt(self, plugin: Plugin, *, again: bool = False) -> Started | None:
        phase: Phase = "validate"
        ends = AsyncExitStack()
        try:
            settings = await self._plugin_settings(plugin)
            phase = "migrate"
            context = await self._context(plugin, settings)
            phase = "validate"
            application = await asyncio.to_thread(self._build, plugin, context)
            phase = "start"
            # Known from here on: a life span may queue a run.
            self.jobs.begin(plugin)
            if plugin.specs.lifespan is not None:
                with self.during(plugin, "start"):
                    await self.lifespans.begin(plugin.specs.lifespan, context, ends)
        except (Exception, SystemExit) as error:  # noqa: BLE001  # whatever it is, it is this plugin's
            cause = cause_of(error)
            outage = isinstance(cause, DatabaseUnavailableError) and phase != "start"
            if outage and not again:
                # Where there is no database the start as a whole fails: no plugin's
                # fault. Where there is one, it may just have come back.
                await self.core.database.fetchval("select 1")
                return await self._attempt(plugin, again=True)
            self._quarantine(plugin, phase, cause)
            return None
        traffic = Traffic(application.asgi, self.ledger.of(plugin.id))
        return Started(plugin, context, application, traffic, ends)

    async def context(self, plugin: Plugin) -> PluginContext:
        """What the code of a plugin is handed, without bringing it to work.

        Raises:
            NxForgeError: its settings do not fit, or its corner cannot be opened.
        """
        return await self._context(plugin, await self._plugin_settings(plugin))

    async def _remember(self, plugin: Plugin) -> None:
        """Store what it adds, to tell what another version of it would change."""
        if plugin.manifest is None:
            return
        packages = await asyncio.to_thread(packages_of, plugin.distribution)
        found = surface_of(plugin.version, plugin.manifest, plugin.specs, packages)
        await self.core.database.execute(_SQL.remember_surface, plugin.id, found)

    def _quarantine(self, plugin: Plugin, phase: Phase, cause: BaseException) -> None:
        problem = Problem.from_error(cause, plugin, phase, self.clock.now())
        get_log(plugin.id).error(
            "plugin quarantined",
            phase=phase,
            problem=problem.message,
            remedy=problem.remedy,
        )
        self.inventory.quarantine(plugin.id, problem)

    async def _plugin_settings(self, plugin: Plugin) -> Any:
        return await self.book.open(plugin.id, plugin.specs.settings or NO_SETTINGS)

    async def _context(self, plugin: Plugin, settings: Any) -> PluginContext:
        return PluginContext(
            plugin=PluginInfo(plugin.id, plugin.distribution, plugin.version),
            settings=settings,
            db=await self.corners.open(plugin),
            http=CountedHttp(self.http, self.ledger.of(plugin.id)),
            browser=licensed_browser(self.browser, plugin.id, plugin.manifest),
            secrets=self.core.keys.for_plugin(plugin.id),
            jobs=PluginJobs(self.runner, plugin.id),
            events=PluginEvents(self.hub, plugin),
            log=get_log(plugin.id),
            clock=self.clock,
            storage=self.rooms.licensed(plugin),
            notify=PluginNotify(self.core.database, plugin.id, self.clock),
        )

    def _build(self, plugin: Plugin, context: PluginContext) -> PluginApplication:
        prefix = PLUGIN_PREFIX + plugin.id
        streams = PluginStreams(self.hub, self.streams, plugin)
        routes = plugin.specs.routes
        return build_application(routes, prefix, context, self.access, streams)
