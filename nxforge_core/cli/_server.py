"""The HTTP server: a socket of our own, uvicorn on it, an end by signal."""

from __future__ import annotations

import asyncio
import gc
import os
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Final, Literal

import uvicorn

from nxforge_core.api import NxForgeError
from nxforge_core.database import DatabaseUnavailableError
from nxforge_core.services import beside

from ._process import OwnProcess, inherited

__all__ = [
    "ListenError",
    "Serving",
    "listen",
    "place_of",
    "serving",
    "spare_start_up",
    "unless",
]

_GRACE_SECONDS: Final = 5
_BACKLOG: Final = 1024
#: Below the number of files that a process may have open by default, with room for
#: the database and what is fetched. One more is answered 503.
_CONNECTIONS: Final = 900
_MAX_HEAD: Final = 32_768
#: Seconds for clients that keep their connection to hear that it ends, for requests
#: that take long, and for the first request of a connection that was just made.
_PARTING: Final = 1.0
_PATIENCE: Final = 30.0
_LAST_ASK: Final = 0.2
#: Seconds until the engine has loaded its libraries too.
_STARTED: Final = 5.0


class ListenError(NxForgeError):
    """The address cannot be listened on."""

    code = "listen"

    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(
            f"cannot listen on {host}:{port}: {reason}",
            remedy="choose another with --port or --host, or stop who has it",
        )
        self.host = host
        self.port = port


def place_of(host: str, port: int) -> str:
    """An address and a port as the name of a socket, which has no colon."""
    return f"{host.replace(':', '.')}/{port}"


def listen(host: str, port: int) -> socket.socket:
    """Open the listening socket before anything else is started, or take it over.

    Raises:
        ListenError: the port is taken, or the address is not this machine's.
    """
    if (handed := inherited(place_of(host, port), os.environ)) is not None:
        return handed
    try:
        family, kind, proto, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, proto)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        raise ListenError(host, port, error.strerror or str(error)) from error
    listener.listen(_BACKLOG)
    return listener


class _Farewell:
    """Asks clients to close their connections, once it is said."""

    def __init__(self, application: Any) -> None:
        self._application = application
        self.said = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self._application(scope, receive, _parting(send) if self.said else send)


def _parting(send: Any) -> Any:
    async def parting(message: Any) -> None:
        if message["type"] == "http.response.start":
            headers = [*message["headers"], (b"connection", b"close")]
            message = {**message, "headers": headers}
        await send(message)

    return parting


class Serving(uvicorn.Server):
    """A server that clients can be led away from."""

    def __init__(self, config: uvicorn.Config, farewell: _Farewell) -> None:
        super().__init__(config)
        self._farewell = farewell

    async def part(self) -> None:
        """Accept nobody any more, once every client has had its answer.

        Whoever connects from now on waits in the queue of the listening socket, if
        somebody holds that open.
        """
        begun = set(self.server_state.tasks)
        self._farewell.said = True
        # Who asks often has the next answer by then, and closes its connection.
        await asyncio.sleep(_PARTING)
        if begun:
            await asyncio.wait(begun, timeout=_PATIENCE)
        for server in self.servers:
            server.close()
        # Who was let in a moment ago has not asked yet.
        await asyncio.sleep(_LAST_ASK)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        # uvicorn's own handler raises the signal again when it is done, which would
        # end the process before plugins and database are closed.
        yield


@asynccontextmanager
async def serving(
    application: Any,
    listener: socket.socket,
    drain: Callable[[], None] = lambda: None,
) -> AsyncIterator[Serving]:
    """Serve until the block is left; open requests get five seconds to end.

    The listener is closed then.

    Those that would not end by themselves are told before, by `drain`.
    """
    farewell = _Farewell(application)
    config = uvicorn.Config(
        farewell,
        http=_protocol(),
        h11_max_incomplete_event_size=_MAX_HEAD,
        limit_concurrency=_CONNECTIONS,
        lifespan="off",
        # Nothing here speaks it; a version of `websockets` that another library wants
        # must not be uvicorn's concern.
        ws="none",
        log_config=None,
        access_log=False,
        # Whom to believe is the host's to know: uvicorn believes every local process.
        proxy_headers=False,
        server_header=False,
        date_header=True,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    server = Serving(config, farewell)
    async with beside(server.serve(sockets=[listener])) as task:
        try:
            yield server
        finally:
            drain()
            server.should_exit = True
            await task


def _protocol() -> type[asyncio.Protocol] | Literal["h11"]:
    """On platforms without httptools h11, which has bounds of its own."""
    try:
        from ._http import BoundedProtocol  # noqa: PLC0415  # needs httptools
    except ImportError:
        return "h11"
    return BoundedProtocol


@contextmanager
def unless(process: OwnProcess) -> Iterator[None]:
    """Let nobody hear of a database that was not there before the stop."""
    try:
        yield
    except DatabaseUnavailableError:
        if not process.stops:
            raise


def spare_start_up() -> None:
    """Leave out of garbage collection what is there a moment after the start.

    A full collection walks through all of it, modules and routes, and for that tenth
    of a second the process does nothing else.
    """
    asyncio.get_running_loop().call_later(_STARTED, gc.freeze)
