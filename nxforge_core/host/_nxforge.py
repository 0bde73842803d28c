"""The host as one ASGI application."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.metadata import Distribution
from types import TracebackType
from typing import Any, Self

from nxforge_core.api import Clock, NxForgeError
from nxforge_core.jobs import RunDetail
from nxforge_core.services import SystemClock, get_log
from nxforge_core.settings import LoadedSettings, Settings

from ._access_log import AccessLog
from ._assembly import assemble
from ._deadlines import Deadlines
from ._errors import HostStoppedError
from ._failure import failure_answer
from ._gate import Gate
from ._generation import ASGI
from ._life import Life
from ._lifespan import answer_lifespan
from ._order import Order
from ._outlast import outlast
from ._process import Process
from ._proxies import Proxies
from ._request import RequestShell
from ._run_to_end import run_to_end
from ._running import Running
from ._safety import Safety
from ._scope import PATH
from ._visitor import OuterLogin

__all__ = ["NxForge"]


class NxForge:
    """A host, as an ASGI application and as an asynchronous context manager.

    It mounts under any prefix of another application. Where that one forwards no life
    span events, the first request starts the host. Several hosts can live in one
    process, each with its own settings.

    ::

        app = NxForge(Settings(data_dir=Path("/var/lib/nxforge")))

    Args:
        settings: What the host is told; loaded ones say where each value is from.
        clock: Time; the system's by default.
        distributions: Where plugins are looked for, at the start and whenever one is
            changed; by default all that is installed.
        deadlines: How long plugins may take.
        process: For whoever owns it. It is started anew where a plugin's code hangs
            before the host serves, and where an admin says so.
        login: Of the application around the host: whom it knows need not log in here.
        lazy: Build the core's own routes when the first of them is asked for: a host
            of a test starts in half the time.
    """

    def __init__(  # noqa: PLR0913 - each is one thing that an embedder may say
        self,
        settings: Settings | LoadedSettings,
        *,
        clock: Clock | None = None,
        distributions: Iterable[Distribution] | None = None,
        deadlines: Deadlines | None = None,
        process: Process | None = None,
        login: OuterLogin | None = None,
        lazy: bool = False,
    ) -> None:
        if isinstance(settings, LoadedSettings):
            loaded, settings = settings, settings.settings
        else:
            loaded = LoadedSettings.of(settings)
        proxies = Proxies(settings.server.trusted_proxies)
        order = Order(
            loaded,
            clock or SystemClock(),
            deadlines or Deadlines(),
            distributions,
            proxies,
            process,
            login,
            lazy,
        )
        self.settings = settings
        self._life = Life(lambda: assemble(order))
        self._running: Running | None = None
        self._clock = order.clock
        self._stopped = False
        self._draining = False
        self._log = AccessLog() if settings.log.access else None
        self._shell = RequestShell(
            self._log.record if self._log else None,
            proxies,
            Safety(settings.server.frame_ancestors, settings.server.hsts),
        )
        self._gate = Gate(settings.server)

    async def start(self) -> Running:
        """Start the host, once; every further call answers the same.

        A database that is not ready is waited for, `settings.database.wait` seconds
        at the most. A request that starts the host is answered 503 instead.

        Raises:
            NxForgeError: the host itself cannot start.
        """
        self._stopped = self._draining = False
        return await outlast(
            self._begin,
            self.settings.database.wait,
            clock=self._clock,
            log=get_log(),
            given_up=lambda: self._draining,
        )

    async def run_job(
        self,
        plugin: str,
        job: str,
        params: Mapping[str, Any] | None = None,
        *,
        by: str = "application",
    ) -> RunDetail:
        """Run a job of a plugin and wait until it has ended, well or not.

        It is queued like every manual run: a worker of this host or of another process
        takes it. `state`, `result` and `error` of the answer say how it went.

        Args:
            plugin: Its id; it has to run.
            job: Name of the job.
            params: Its parameters; those left out have their defaults.
            by: Who asks, for the audit trail.

        Raises:
            NxForgeError: there is no such job, its parameters do not fit, it must not
                run twice at a time, or the host stops first.
        """
        running = self._running or await self._begin()
        return await run_to_end(running, plugin, job, params or {}, by)

    def drain(self) -> None:
        """End what never ends by itself: event streams, a start without a database.

        For a server that waits for open requests before it stops the application;
        `stop` does it as well. Requests are still answered.
        """
        self._draining = True
        if self._running is not None:
            self._running.drain()

    async def rest(self) -> None:
        """Begin no job any more and let those that run end; event streams end too.

        For a process that is about to be started anew. Requests are still answered;
        `stop` comes next.
        """
        if self._running is not None:
            await self._running.rest()

    async def stop(self) -> None:
        """Stop jobs within their grace, end plugins' life spans, close the database.

        Requests that still come are answered 503, until `start` is called again.
        """
        self._stopped = True
        self.drain()
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
        kind = scope["type"]
        if kind == "http":
            await self._shell.run(self._answer, scope, receive, send)
        elif kind == "lifespan":
            await answer_lifespan(self, receive, send)
        elif kind == "websocket":
            await send({"type": "websocket.close", "code": 1000})

    async def _answer(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            early, send = self._gate.admit(scope, send)
            target = early.send if early else await self._find(scope[PATH])
        except NxForgeError as error:
            target = failure_answer(scope, error).send
        await target(scope, receive, send)

    async def _find(self, path: str) -> ASGI:
        running = self._running or await self._begin()
        return running.generation.find(path)

    async def _begin(self) -> Running:
        if self._stopped:
            raise HostStoppedError
        running = await self._life.start()
        # A stop that came in between has the last word.
        if not self._stopped:
            self._running = running
        return running
