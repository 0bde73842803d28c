"""Whether the set-up of the installation is over."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from nxforge_core.api import Clock, Database

from ._sql import SQL

__all__ = ["SetUp", "SetUpEnd"]


class SetUpEnd(msgspec.Struct, frozen=True):
    """How it ended; `ended_by` is who did not want to see it any more."""

    how: Literal["done", "dismissed"]
    ended_by: str | None
    ended_at: datetime


class SetUp:
    """Remembers, for all who administer the host, that the set-up is over.

    Args:
        database: The core's schema.
        clock: Says when.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def end(self) -> SetUpEnd | None:
        """How it ended; None while it goes on."""
        found = await self._database.structs(SetUpEnd, SQL.setup_ended)
        return found[0] if found else None

    async def finish(self) -> None:
        """Every step is done; what is over stays as it is."""
        await self._close("done", None)

    async def dismiss(self, by: str) -> None:
        """Somebody does without the rest; what is over stays as it is."""
        await self._close("dismissed", by)

    async def reopen(self) -> None:
        """Go on with it."""
        await self._database.execute(SQL.reopen_setup)

    async def _close(self, how: str, by: str | None) -> None:
        await self._database.execute(SQL.end_setup, how, by, self._clock.now())
