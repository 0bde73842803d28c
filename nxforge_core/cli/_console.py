"""Who sits at the machine's own command line, and the database from there."""

from __future__ import annotations

import getpass
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from nxforge_core.api import Clock, Database
from nxforge_core.security.audit import Actor

from ._context import Where

__all__ = ["console", "open_database"]


def console() -> Actor:
    """The one the audit trail names: whoever may run commands owns the host."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a uid without a name, as in some containers
        name = "unknown"
    return Actor(f"console:{name}", "command")


@asynccontextmanager
async def open_database(where: Where) -> AsyncIterator[tuple[Database, Clock]]:
    """The core's schema, up to date; no plugin is imported."""
    from nxforge_core.host import open_core  # noqa: PLC0415
    from nxforge_core.services import SystemClock  # noqa: PLC0415

    async with open_core(where.load().settings) as core:
        yield core.database, SystemClock()
