"""Looking up names, in threads of its own."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeAlias

__all__ = ["Lookup", "NameLookup"]

#: Answers every address of a name: `(host, port) -> addresses`. Raises `OSError`.
Lookup: TypeAlias = Callable[[str, int], Awaitable[list[str]]]

#: A dead name server holds a thread for many seconds and nothing can stop it. In the
#: loop's own pool (few threads) such names would stop everybody else's work.
_THREADS: Final = 16


class NameLookup:
    """The system's resolver as a `Lookup`. Threads start when they are needed."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="nxforge-dns")

    async def __call__(self, host: str, port: int) -> list[str]:
        """Every address of the name, in the order the system prefers.

        Raises:
            OSError: there is no such name, or nobody answered.
        """
        loop = asyncio.get_running_loop()
        try:
            found = await loop.run_in_executor(self._threads, _system, host, port)
        except UnicodeError as error:  # a label that is too long is not an OSError
            raise socket.gaierror(socket.EAI_NONAME, "not a host name") from error
        return [_with_zone(entry) for entry in found]

    def close(self) -> None:
        """Let go of the threads without waiting for a look-up that hangs."""
        self._threads.shutdown(wait=False, cancel_futures=True)


_Address: TypeAlias = tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]


def _system(host: str, port: int) -> list[_Address]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [entry[4] for entry in found]


def _with_zone(address: _Address) -> str:
    zone = address[3] if len(address) == 4 else 0  # noqa: PLR2004 - IPv6 has four parts
    return f"{address[0]}%{zone}" if zone else str(address[0])
