"""A host at work, as plugin zero's routes ask it."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from nxforge_core.api import PluginContext, PluginId, RunId
from nxforge_core.api.pages import Page
from nxforge_core.builtin import CheckResult, Readiness
from nxforge_core.jobs import Engine, JobState, Runs
from nxforge_core.plugins import BUILT_IN, Inventory, Plugin
from nxforge_core.security import LoginLinks, NewToken, Principal, TokenStore

from ._application import PluginApplication
from ._core import Core
from ._generation import Generation
from ._openapi import compose
from ._starter import Started
from ._watch import Watch

__all__ = ["Running"]

_PROBE_SECONDS: Final = 3.0


@dataclass(slots=True, kw_only=True)
class Running:
    """Implements `nxforge_core.builtin.Host`; `generation` is swapped as a whole."""

    core: Core
    inventory: Inventory
    engine: Engine
    runs: Runs
    tokens: TokenStore
    links: LoginLinks
    watch: Watch
    required: Collection[str]
    version: str
    notices: Mapping[str, str] = field(default_factory=dict)
    started: Mapping[PluginId, Started] = field(default_factory=dict)
    zero: PluginApplication = field(init=False)
    generation: Generation = field(init=False)
    _document: Mapping[str, Any] | None = None

    def plugins(self) -> Sequence[Plugin]:
        """Every installed plugin, in load order, plugin zero left out."""
        return [plugin for plugin in self.inventory if plugin.id != BUILT_IN]

    def pages(self) -> Sequence[tuple[Page, PluginContext]]:
        """Pages of the running plugins."""
        return [
            (page, one.context)
            for one in self.started.values()
            for page in one.plugin.specs.pages
        ]

    async def check_plugin(self, plugin: str) -> Sequence[CheckResult]:
        """Run a plugin's health checks; none where it does not run."""
        started = self.started.get(PluginId(plugin))
        return [] if started is None else await self.watch.check(started)

    async def readiness(self) -> Readiness:
        """Ask the database and the engine, and look at required plugins."""
        health = self.engine.health()
        checks = {
            "database": await self._database_state(),
            "jobs": "ok",
        }
        if health.state not in ("running", "starting"):
            checks["jobs"] = " ".join(health.detail.split()) or health.state
        missing = [name for name in self.required if name not in self.started]
        checks["plugins"] = f"{', '.join(missing)} not running" if missing else "ok"
        return Readiness(all(state == "ok" for state in checks.values()), checks)

    async def openapi(self) -> Mapping[str, Any]:
        """The document of all routes, made once, off the loop."""
        if self._document is None:
            self._document = await asyncio.to_thread(self._compose)
        return self._document

    async def list_jobs(self) -> Sequence[JobState]:
        """Jobs of the running plugins."""
        return await self.engine.list_jobs()

    async def run_job(
        self, plugin: str, job: str, params: Mapping[str, Any], caller: Principal
    ) -> RunId:
        """Queue a manual run."""
        return await self.engine.run_now(PluginId(plugin), job, params, by=caller.name)

    async def claim_link(self, code: str) -> NewToken | None:
        """Exchange a one-time code for a session's token."""
        return await self.links.claim(code)

    def _compose(self) -> Mapping[str, Any]:
        documents = {"nxforge": self.zero.openapi()}
        for name, one in self.started.items():
            documents[name] = one.application.openapi()
        return compose(self.version, documents)

    async def _database_state(self) -> str:
        try:
            async with asyncio.timeout(_PROBE_SECONDS):
                await self.core.database.fetchval("select 1")
        except Exception as error:  # noqa: BLE001  # any failure is the answer
            return str(error) or type(error).__name__
        return "ok"
