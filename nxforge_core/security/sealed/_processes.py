"""Running processes: which keys they know.

Each says so in the name of the connection on which it listens, so that the database
knows of all that live and of none that died.
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Sequence
from typing import Final

import asyncpg
import msgspec

from nxforge_core.api import Database, load_sql

__all__ = ["CHANNEL", "Process", "processes", "signature", "told", "without_key"]

#: Whoever hears it looks at the key file.
CHANNEL: Final = "nxforge_keys"
_SQL: Final = load_sql(__package__)
_SAYS: Final = re.compile(r" keys ([0-9a-f,]+)(?: at (.*))?")
#: So many ids fit into the name of a connection.
_SAID: Final = 3
_GLANCE: Final = 0.05


class Process(msgspec.Struct, frozen=True):
    """A host or a worker that runs.

    Attributes:
        keys: Ids of the first keys that it knows; the first one seals.
        place: For people.
    """

    keys: Sequence[str]
    place: str


def signature(key_ids: Sequence[str]) -> str:
    """What a process says of its keys."""
    return f" keys {','.join(key_ids[:_SAID])} at {socket.gethostname()}"


async def processes(connection: asyncpg.Connection | Database) -> list[Process]:
    """Those that run on this database."""
    rows = await connection.fetch(_SQL.listening_processes)
    return [_process(row["says"], row["origin"], row["pid"]) for row in rows]


def _process(says: str, origin: str, pid: int) -> Process:
    match = _SAYS.search(says)
    keys = match[1].split(",") if match else []
    machine = (match and match[2]) or origin
    return Process(keys, f"{machine} (connection {pid})")


def without_key(running: Sequence[Process], key_id: str, *, first: bool) -> list[str]:
    """Places of processes that do not know a key, or do not seal with it."""
    return [
        each.place
        for each in running
        if key_id not in (each.keys[:1] if first else each.keys)
    ]


async def told(
    connection: asyncpg.Connection, key_id: str, *, first: bool, seconds: float
) -> list[str]:
    """Let every process look at its key file; those that still lack the key then."""
    await connection.execute(_SQL.tell_keys)
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while left := without_key(await processes(connection), key_id, first=first):
        if loop.time() > end:
            break
        await asyncio.sleep(_GLANCE)
    return left
