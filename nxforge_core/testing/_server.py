"""A PostgreSQL that is there for tests: nothing in it outlives them."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import asyncpg

from nxforge_core.database import EmbeddedServer, ServerAddress

__all__ = ["VARIABLE", "quick_place", "running_server"]

#: Names servers that are there already, one for each process of a run.
VARIABLE: Final = "NXFORGE_TEST_DATABASE_URL"

_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
#: Bytes that the servers of a run need at the most, with some to spare.
_ROOM: Final = 4 << 30


@contextmanager
def running_server(url: str | None = None) -> Iterator[ServerAddress]:
    """A server whose login may create databases and roles.

    Roles belong to a server, so two processes of a run never share one: where
    `NXFORGE_TEST_DATABASE_URL` names several, separated by spaces, each takes its own.

    Args:
        url: Of a server that is there; by default what the variable names, and else
            the embedded one, started in memory and gone afterwards.
    """
    urls = [url] if url else os.environ.get(VARIABLE, "").split()
    if urls:
        yield ServerAddress.parse(urls[_number_of_process() % len(urls)])
        return
    with _quick_folder() as folder, asyncio.Runner() as runner:
        embedded = EmbeddedServer(folder)
        runner.run(embedded.start())
        # Tests make databases and roles, which the host's own login may not.
        address = embedded.owner
        try:
            runner.run(_spare_the_disk(address))
            yield address
        finally:
            runner.run(embedded.stop())


@contextmanager
def _quick_folder() -> Iterator[Path]:
    """A folder in memory where there is room, else on the disk.

    A database for each test is a thousand files made and removed, and half the time
    of the tests when a disk has to keep up with that.
    """
    with TemporaryDirectory(prefix="nxforge-", dir=quick_place()) as made:
        yield Path(made)


def quick_place() -> Path | None:
    """Where files cost least: in memory, if there is room; None is the usual place."""
    roomy = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free >= _ROOM
    return _MEMORY if roomy else None


async def _spare_the_disk(address: ServerAddress) -> None:
    # Nobody pulls this server's plug, and a database for each test is cheaper so.
    connection = await asyncpg.connect(**address.asyncpg_arguments())
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        await connection.execute(f"ALTER SYSTEM SET {setting} = off")
    await connection.execute("SELECT pg_reload_conf()")
    await connection.close()


def _number_of_process() -> int:
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
