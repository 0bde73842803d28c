"""The allow-list of outgoing requests, kept true to the database while a host runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from nxforge_core.api import Clock
from nxforge_core.events import Listener
from nxforge_core.security import Networks, own_addresses
from nxforge_core.services import beside, get_log
from nxforge_core.settings import NetworkSettings

from ._core import Core

__all__ = ["following_networks", "open_networks"]

#: Told by a trigger of the table.
_CHANNEL: Final = "nxforge_networks"
#: Seconds until the next look where one failed.
_PAUSE: Final = 1.0


async def open_networks(
    core: Core, settings: NetworkSettings, clock: Clock
) -> Networks:
    """The list as settings and database have it now.

    Raises:
        NetworkEntryError: naming the entry of the setting that cannot be used.
    """
    own = await own_addresses([core.address.host])
    networks = Networks(core.database, clock, settings.allow, own)
    await networks.reload()
    return networks


@asynccontextmanager
async def following_networks(
    networks: Networks, listener: Listener
) -> AsyncIterator[None]:
    """Follow what any process changes, and look again after a lost connection."""
    changed = asyncio.Event()
    end = listener.listen(_CHANNEL, lambda _: changed.set(), changed.set)
    try:
        async with beside(_follow(networks, changed)):
            yield
    finally:
        end()


async def _follow(networks: Networks, changed: asyncio.Event) -> None:
    while True:
        await changed.wait()
        changed.clear()
        try:
            await networks.reload()
        except Exception as error:  # noqa: BLE001 - the database may be away
            get_log(None).warning("networks not read", why=str(error))
            changed.set()
            await asyncio.sleep(_PAUSE)
