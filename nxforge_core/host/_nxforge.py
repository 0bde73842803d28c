"""The host as one ASGI application."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import Distribution
from types import TracebackType
from typing import Any, Self

from nxforge_core.api import Clock, NxForgeError
from nxforge_core.host._access_log import AccessLog
from nxforge_core.host._assembly import assemble
from nxforge_core.host._generation import Closed
from nxforge_core.host._life import Life
from nxforge_core.host._lifespan import answer_lifespan
from nxforge_core.host._request import PluginClosedError, RequestShell, send_problem
from nxforge_core.host._running import Running
from nxforge_core.services import SystemClock
from nxforge_core.settings import Settings

__all__ = ["NxForge"]


class NxForge:
    """A host, as an ASGI application and as an asynchronous context manager.

    It mounts under any prefix of another application. Where that one forwards no life
    span events, the first request starts the host. Several hosts can live in one
    process, each with its own settings.

    ::

        app = NxForge(Settings(data_dir=Path("/var/lib/nxforge")))

    Args:
        settings: What the host is told.
        clock: Time; the system's by default.
        distributions: Where plugins are looked for; by default all that is installed.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock | None = None,
        distributions: Iterable[Distribution] | None = None,
    ) -> None:
        found = None if distributions is None else list(distributions)
        self.settings = settings
        self._life = Life(lambda: assemble(settings, clock or SystemClock(), found))
        self._running: Running | None = None
        self._log = AccessLog() if settings.log.access else None
        self._shell = RequestShell(self._log.record if self._log else None)

    async def start(self) -> Running:
        """Start the host, once; every further call answers the same.

        Raises:
            NxForgeError: the host itself cannot start.
        """
        self._running = await self._life.start()
        return self._running

    async def stop(self) -> None:
        """Stop jobs within their grace, end plugins' life spans, close the database."""
        self._running = None
        await self._life.stop()
        if self._log:
            self._log.flush()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.stop()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one ASGI connection."""
        if scope["type"] == "lifespan":
            await answer_lifespan(self, receive, send)
        elif scope["type"] == "http":
            await self._shell.run(self._answer, _below_mount(scope), receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    async def _answer(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            running = self._running or await self.start()
        except NxForgeError as error:
            await send_problem(scope, send, error)
            return
        target = running.generation.find(scope["path"])
        if isinstance(target, Closed):
            await send_problem(scope, send, PluginClosedError(target))
        else:
            await target(scope, receive, send)


def _below_mount(scope: Any) -> Any:
    """The scope with its path below the mount, as outer frameworks differ in that."""
    root: str = scope.get("root_path", "")
    if root and scope["path"].startswith(root):
        return {**scope, "path": scope["path"][len(root) :] or "/"}
    return dict(scope) if root else scope
