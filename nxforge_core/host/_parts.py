"""What parts of the host are made of, as the settings have it."""

from __future__ import annotations

import asyncio

from nxforge_core.builtin import Security
from nxforge_core.jobs import EngineOptions
from nxforge_core.services.browser import BrowserOptions, sweep_profiles
from nxforge_core.settings import JobSettings, Settings

from ._access import Access
from ._order import Order
from ._people import People
from ._throttle import Throttle
from ._visitor import Visitors

__all__ = ["access_of", "browser_options", "engine_options"]


def engine_options(settings: JobSettings, instance: str) -> EngineOptions:
    """How the job engine works, and how soon a process counts as gone."""
    return EngineOptions(
        instance=instance,
        worker=settings.worker,
        scheduler=settings.scheduler,
        concurrency=settings.concurrency,
        limits=settings.limits,
        queues=settings.queues,
        grace=settings.grace,
        stalled=settings.stalled,
        heartbeat=min(5.0, settings.stalled / 6),
        reap=min(10.0, settings.stalled / 3),
        late=settings.stalled,
        sweep=2 * settings.stalled,
    )


def access_of(order: Order, security: Security) -> Access:
    """Who is let in, and how much one caller may ask."""
    server, clock = order.settings.server, order.clock
    return Access(
        People(security.tokens, security.sessions, security.roles),
        security.cookies,
        Throttle(server.stranger_rate, server.caller_rate, clock.monotonic),
        Visitors(order.login, security.roles) if order.login else None,
    )


async def browser_options(settings: Settings) -> BrowserOptions:
    """How Chromium is run; what a killed host has left of it is ended."""
    folder = settings.data_dir / "browser"
    # What a killed host has left is ended even if nobody needs a browser any more.
    await asyncio.to_thread(sweep_profiles, folder)
    given = settings.browser
    return BrowserOptions(
        folder=folder,
        executable=given.executable,
        no_sandbox=given.no_sandbox,
        pages=given.pages,
        idle=given.idle,
    )
