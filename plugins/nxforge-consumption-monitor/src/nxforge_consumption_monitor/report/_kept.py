"""The encoded answer of `live`, kept as long as it is true."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final

import msgspec

from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store import live_version
from nxforge_core.api import PluginContext

from ._live import live_until

__all__ = ["Kept", "KeptLive"]

#: Ages are told to this: a kept answer is no older, and its `timestamp` says how old.
_TOLD_TO: Final = timedelta(seconds=1)
_ENCODE: Final = msgspec.json.Encoder(decimal_format="number").encode


class Kept(msgspec.Struct, frozen=True):
    """An encoded answer.

    Attributes:
        tag: Weak entity tag: the same for answers that differ in ages only.
        made: The instant that the ages are true for.
        until: Then a state or a day ends by itself.
    """

    body: bytes
    tag: str
    version: str
    made: datetime
    until: datetime

    def is_current(self, version: str, now: datetime) -> bool:
        """Whether it differs from a new one in ages only."""
        return version == self.version and self.made <= now < self.until


class KeptLive:
    """Live values of one host for any number of callers.

    Whoever wrote a round, in this process or another, raised a revision: one short
    statement tells, so no answer is older than the last round.
    """

    def __init__(self) -> None:
        self._kept: Kept | None = None
        self._making = asyncio.Lock()

    async def answer(
        self, ctx: PluginContext[MonitorSettings], known: str = ""
    ) -> Kept:
        """The kept answer, made again where it is not true any more.

        Args:
            ctx: Of the host.
            known: Entity tags that the caller has: such a one is answered as it is,
                with ages of its own time, because nobody will read them.
        """
        version = await live_version(ctx.db)
        if (kept := self._good(version, ctx.clock.now(), known)) is not None:
            return kept
        async with self._making:
            if (kept := self._good(version, ctx.clock.now(), known)) is not None:
                return kept
            answer, until = await live_until(ctx)
            print_ = blake2b(f"{version} {until}".encode(), digest_size=12)
            self._kept = Kept(
                body=_ENCODE(answer),
                tag=f'W/"{print_.hexdigest()}"',
                version=version,
                made=answer.timestamp,
                until=until,
            )
            return self._kept

    def _good(self, version: str, now: datetime, known: str) -> Kept | None:
        kept = self._kept
        if kept is None or not kept.is_current(version, now):
            return None
        return kept if kept.tag in known or now - kept.made < _TOLD_TO else None
