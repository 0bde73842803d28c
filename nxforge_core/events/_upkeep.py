"""What the hub does beside: it follows durable subscriptions and deletes old rows."""

from __future__ import annotations

import asyncio
from typing import Final

from nxforge_core.api import Log

from ._keeper import SUBSCRIBERS, Keeper
from ._listener import Listener

__all__ = ["keep_patterns", "keep_tables"]

_HOUR: Final = 3600.0
#: Seconds before what failed is tried again.
_SOON: Final = 5.0


async def keep_patterns(keeper: Keeper, listener: Listener, log: Log) -> None:
    """Know what durable subscriptions want, until cancelled."""
    stale = asyncio.Event()
    end = listener.listen(SUBSCRIBERS, lambda _: stale.set(), stale.set)
    try:
        while True:
            await stale.wait()
            stale.clear()
            try:
                await keeper.reload()
            except Exception as error:  # noqa: BLE001 - until then the old ones hold
                log.warning("subscribers_not_read", why=repr(error))
                stale.set()
                await asyncio.sleep(_SOON)
    finally:
        end()


async def keep_tables(keeper: Keeper, log: Log) -> None:
    """Delete what nobody needs any more, at once and every hour, until cancelled."""
    while True:
        try:
            await keeper.keep_house()
        except Exception as error:  # noqa: BLE001 - the next hour will do
            log.warning("events_not_cleaned_up", why=repr(error))
        await asyncio.sleep(_HOUR)
