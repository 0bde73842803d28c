"""Hubs of several processes, as far as the database can tell."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from importlib.resources import as_file, files

import pytest
from contexts import job_plugin_context
from hearing import Lines, Told

from nxforge_core.api import PluginId, SubscriptionSpec
from nxforge_core.database import Pool, ServerAddress, migrate
from nxforge_core.events import EventHub, Listener
from nxforge_core.services import SystemClock, beside

MakeHub = Callable[..., Awaitable[EventHub]]


@pytest.fixture
async def core(database: ServerAddress) -> AsyncIterator[Pool]:
    """The core's schema, with its tables."""
    opened = Pool(database, search_path="nxforge", application_name="test")
    await opened.execute("create schema nxforge")
    with as_file(files("nxforge_core.builtin") / "migrations") as folder:
        await migrate(database, "nxforge", "nxforge", folder, reader=opened)
    yield opened
    await opened.close()


@pytest.fixture
def lines() -> Lines:
    """What all hubs say."""
    return Lines()


@pytest.fixture
async def hub_of(
    core: Pool, database: ServerAddress, lines: Lines
) -> AsyncIterator[MakeHub]:
    """Make the hub of one more process; handlers are called with a pattern each."""
    async with AsyncExitStack() as stack:

        async def make(**handlers: Told) -> EventHub:
            listener = Listener(database, lines)
            hub = EventHub(core, listener, SystemClock(), lambda _: lines)
            context = job_plugin_context(PluginId("listener"), core)
            wishes = [
                (SubscriptionSpec(name.replace("_", "."), told, name=name), context)
                for name, told in handlers.items()
            ]
            await stack.enter_async_context(beside(hub.run()))
            await asyncio.sleep(0)
            # After the hub's own: when this one is open, that one is.
            open_ear = asyncio.Event()
            listener.listen("nxforge_events", lambda _: None, open_ear.set)
            await stack.enter_async_context(beside(listener.run()))
            await stack.enter_async_context(
                hub.subscribed(wishes, [PluginId("listener")])
            )
            async with asyncio.timeout(8):
                await open_ear.wait()
            return hub

        yield make
