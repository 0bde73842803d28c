"""Noticing a dead connection before anything is sent on it."""

from __future__ import annotations

import select
from typing import Any

__all__ = ["is_gone"]


def is_gone(connection: Any) -> bool:
    """Tell whether a resting connection is closed, or about to be.

    A resting connection has nothing to read. If its socket is readable, the server's
    farewell or an end of file waits there that the event loop has not yet handed on,
    and the next statement would fail with an error of asyncpg's own state machine.

    Args:
        connection: One of asyncpg's.
    """
    if connection.is_closed():
        return True
    # asyncpg offers no public way to the socket.
    socket = connection._transport.get_extra_info("socket")  # noqa: SLF001
    return socket is not None and _readable(socket.fileno())


def _readable(descriptor: int) -> bool:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))
