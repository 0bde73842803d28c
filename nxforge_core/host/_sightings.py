"""Keeps for `nxforge doctor` what requests showed of how the host is set up."""

from __future__ import annotations

from typing import Final

from nxforge_core.api import Clock, Database, load_sql
from nxforge_core.services import get_log

from ._proxies import Proxies

__all__ = ["Sightings"]

_SQL: Final = load_sql("nxforge_core.host")


class Sightings:
    """Stores, once for each start, that somebody forwards who is not trusted.

    Args:
        database: The core's schema.
        clock: Says when.
        proxies: Notices it.
    """

    def __init__(self, database: Database, clock: Clock, proxies: Proxies) -> None:
        self._database = database
        self._clock = clock
        self._proxies = proxies
        self._stored = False

    async def flush(self) -> None:
        """Store it; the host calls it about once a minute."""
        peer = self._proxies.ignored
        if self._stored or peer is None:
            return
        now = self._clock.now()
        await self._database.execute(_SQL.note_sighting, "forwarded", peer, now)
        self._stored = True
        remedy = "name it in 'server.trusted_proxies' if it is your proxy"
        get_log(None).warning("forwarded headers ignored", peer=peer, remedy=remedy)
