"""Who has something to do once a minute."""

from __future__ import annotations

from nxforge_core.services.storage import StorageKeeper

from ._core import Core
from ._housekeeping import Flushable
from ._order import Order
from ._sightings import Sightings

__all__ = ["housekeepers"]


def housekeepers(order: Order, core: Core) -> list[Flushable]:
    """All of them, for one host."""
    keeper = StorageKeeper(core.database, order.settings.data_dir, order.clock)
    if order.proxies is None:
        return [keeper]
    return [keeper, Sightings(core.database, order.clock, order.proxies)]
