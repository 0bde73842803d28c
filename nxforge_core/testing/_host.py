"""A host at work, as a test speaks to it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import httpx

from nxforge_core.api import Clock, Event, PluginContext, PluginId, RunId
from nxforge_core.host import Running
from nxforge_core.jobs import RunDetail

__all__ = ["PluginHost"]

_UNFINISHED: Final = frozenset({"queued", "running", "waiting"})
#: Seconds between looks at a run.
_LOOK: Final = 0.005


class PluginHost:
    """A running host with chosen plugins; the first one is *the* plugin.

    Attributes:
        running: The host itself.
        clock: What time is for it.
        plugin: Id of the first plugin.
        events: Everything that was published since the host started, in order.
        client: Speaks to the whole host, as nobody.
    """

    def __init__(
        self, running: Running, client: httpx.AsyncClient, plugin: str, clock: Clock
    ) -> None:
        self.running = running
        self.clock = clock
        self.plugin = plugin
        self.events: list[Event] = []
        self.client = client
        self._tokens: dict[str, str] = {}
        # As the wish of a consumer who wants nothing: it is asked at once.
        running.hub.open_tap(self._hear)

    def context(self, plugin: str | None = None) -> PluginContext:
        """What the code of a plugin is handed."""
        return self.running.started[PluginId(plugin or self.plugin)].context

    async def request(
        self, method: str, path: str, *, role: str | None = "admin", **options: Any
    ) -> httpx.Response:
        """Ask the host.

        Args:
            method: Of HTTP.
            path: Below the plugin's routes, as its `RouteSpec` has it; one that begins
                with `/api/`, `/ui/` or `/health/` is taken as it is.
            role: Of the caller; None is nobody.
            options: As httpx takes them: `json`, `params`, `headers` ...
        """
        headers = {**await self._bearer(role), **options.pop("headers", {})}
        return await self.client.request(
            method, self._whole(path), headers=headers, **options
        )

    async def get(self, path: str, **options: Any) -> httpx.Response:
        """Ask with GET; see `request`."""
        return await self.request("GET", path, **options)

    async def post(self, path: str, **options: Any) -> httpx.Response:
        """Ask with POST; see `request`."""
        return await self.request("POST", path, **options)

    async def run_job(
        self,
        job: str,
        params: Mapping[str, Any] | None = None,
        *,
        plugin: str | None = None,
        seconds: float = 30,
    ) -> RunDetail:
        """Have a job run to its end, as a manual run.

        Raises:
            TimeoutError: it does not end within so many seconds.
            NxForgeError: there is no such job, or the parameters do not fit.
        """
        engine, owner = self.running.engine, PluginId(plugin or self.plugin)
        run = await engine.run_now(owner, job, dict(params or {}), by="a test")
        async with asyncio.timeout(seconds):
            return await self._ended(run)

    async def _ended(self, run: RunId) -> RunDetail:
        while True:
            detail = await self.running.engine.get_run(run)
            if detail.state not in _UNFINISHED:
                return detail
            await asyncio.sleep(_LOOK)

    async def _bearer(self, role: str | None) -> dict[str, str]:
        if role is None:
            return {}
        if role not in self._tokens:
            tokens = self.running.security.tokens
            made = await tokens.create(f"{role} of a test", role)
            self._tokens[role] = made.text
        return {"authorization": f"Bearer {self._tokens[role]}"}

    def _whole(self, path: str) -> str:
        if path.startswith(("/api/", "/ui/", "/health/")):
            return path
        return f"/api/v1/m/{self.plugin}{path}"

    def _hear(self, parcel: Any) -> bool:
        self.events.append(parcel.open())
        return False
