"""A restart that an admin asks for, followed by every process of the host's own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from nxforge_core.api import Database, load_sql
from nxforge_core.events import Listener
from nxforge_core.host._process import Process
from nxforge_core.security.audit import Actor, add_audit
from nxforge_core.services import beside, get_log

__all__ = ["following_restarts", "say_restart"]

#: Told whenever somebody asked for one.
_CHANNEL: Final = "nxforge_restart"
#: Seconds between looks when nothing was notified, and after one that failed.
_LOOK: Final = 60.0
_SOON: Final = 1.0

_SQL: Final = load_sql("nxforge_core.host")


async def say_restart(database: Database, by: Actor) -> None:
    """Have every process that serves or works start anew; no request fails.

    Args:
        database: The core's schema.
        by: The admin.
    """
    async with database.transaction() as connection:
        await connection.execute(_SQL.ask_restart)
        await add_audit(connection, by, "host.restart", "host")


@asynccontextmanager
async def following_restarts(
    database: Database, listener: Listener, process: Process
) -> AsyncIterator[None]:
    """Start the process anew when it is asked for from now on.

    What was asked for before is no business of this process: it began since.
    """
    asked = asyncio.Event()
    seen = await database.fetchval(_SQL.restarts)
    end = listener.listen(_CHANNEL, lambda _: asked.set(), asked.set)
    try:
        async with beside(_follow(database, asked, seen, process)):
            yield
    finally:
        end()


async def _follow(
    database: Database, asked: asyncio.Event, seen: int, process: Process
) -> None:
    pause = _LOOK
    while True:
        try:
            async with asyncio.timeout(pause):
                await asked.wait()
        except TimeoutError:
            pass  # a notice may be lost
        asked.clear()
        try:
            asked_for = await database.fetchval(_SQL.restarts)
        except Exception as error:  # noqa: BLE001 - the database may be away
            get_log(None).warning("restarts not read", why=str(error))
            pause = _SOON
            continue
        pause = _LOOK
        if asked_for != seen:
            seen = asked_for
            process.renew()
