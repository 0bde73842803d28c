"""Tells that a run began."""

from __future__ import annotations

import asyncio
from typing import Final

from nxforge_core.api import Events

from ._ledger import Claim

__all__ = ["Opening"]

#: Seconds in which a run may turn out to have nothing to do: then nobody is told.
_PATIENCE: Final = 0.25


class Opening:
    """The event `job.started` of one attempt, told once if at all.

    A job that looks every few seconds whether something is due would otherwise keep
    the installation busy with saying that it looked. The end is told by the database.

    Args:
        events: The host's own voice; without one nobody is told.
    """

    def __init__(self, claim: Claim, events: Events | None) -> None:
        self._claim = claim
        self._events = events
        self.told = False

    async def tell_later(self) -> None:
        """Tell after a moment."""
        await asyncio.sleep(_PATIENCE)
        await self.tell()

    async def tell(self) -> None:
        """Tell now, unless that is done; a shard is its parent's matter."""
        claim = self._claim
        if self._events is None or self.told or claim.shard:
            return
        self.told = True
        facts = {
            "run": claim.id,
            "plugin": claim.plugin,
            "job": claim.job,
            "attempt": claim.attempt,
            "slot": claim.slot,
        }
        await self._events.publish("job.started", facts)
