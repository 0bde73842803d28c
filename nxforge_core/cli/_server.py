"""The HTTP server: a socket of our own, uvicorn on it, an end by signal."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Final, Literal

import uvicorn

from nxforge_core.api import NxForgeError
from nxforge_core.database import DatabaseUnavailableError
from nxforge_core.services import beside

__all__ = [
    "ListenError",
    "listen",
    "restart",
    "serving",
    "spare_start_up",
    "stop_signal",
    "unless",
]

_GRACE_SECONDS: Final = 5
_BACKLOG: Final = 1024
#: Below the number of files that a process may have open by default, with room for
#: the database and what is fetched. One more is answered 503.
_CONNECTIONS: Final = 900
_MAX_HEAD: Final = 32_768
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


def listen(host: str, port: int) -> socket.socket:
    """Open the listening socket before anything else is started.

    Raises:
        ListenError: the port is taken, or the address is not this machine's.
    """
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


class _Server(uvicorn.Server):
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
) -> AsyncIterator[None]:
    """Serve until the block is left; open requests get five seconds to end.

    Those that would not end by themselves are told before, by `drain`.
    """
    config = uvicorn.Config(
        application,
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
    server = _Server(config)
    async with beside(server.serve(sockets=[listener])) as task:
        try:
            yield
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


def stop_signal(told: Callable[[], None] = lambda: None) -> asyncio.Event:
    """An event that SIGINT and SIGTERM set, after they called `told`."""
    event = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop() -> None:
        told()
        event.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    return event


@contextmanager
def unless(stop: asyncio.Event) -> Iterator[None]:
    """Let nobody hear of a database that was not there before the stop."""
    try:
        yield
    except DatabaseUnavailableError:
        if not stop.is_set():
            raise


def restart() -> None:
    """Start this process anew, as it was started; it keeps its id."""
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - itself


def spare_start_up() -> None:
    """Leave out of garbage collection what is there a moment after the start.

    A full collection walks through all of it, modules and routes, and for that tenth
    of a second the process does nothing else.
    """
    asyncio.get_running_loop().call_later(_STARTED, gc.freeze)
