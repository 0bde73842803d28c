"""Notices of plugins in a host: the desk, and the courier beside its work."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from nxforge_core.api import Clock, Http
from nxforge_core.events import Listener
from nxforge_core.plugins import BUILT_IN
from nxforge_core.services import beside
from nxforge_core.services.notify import NoticeCourier, NotifyDesk

from ._core import Core
from ._housekeeping import flushing
from ._order import Order

__all__ = ["delivering", "notify_desk"]


def notify_desk(core: Core, clock: Clock) -> NotifyDesk:
    """Where admins say whom plugins tell."""
    return NotifyDesk(core.database, core.keys.for_plugin(BUILT_IN), clock)


@asynccontextmanager
async def delivering(
    order: Order, core: Core, http: Http, listener: Listener
) -> AsyncIterator[None]:
    """Send what waits while the block runs."""
    secrets, mail = core.keys.for_plugin(BUILT_IN), order.settings.mail
    courier = NoticeCourier(core.database, secrets, http, mail, order.clock)
    async with beside(courier.run(listener)), flushing([courier]):
        yield
