"""A host whose database goes away and comes back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import msgspec
import pytest
from relay import Relay

from nxforge_core.database import ServerAddress
from nxforge_core.settings import DatabaseSettings

Start = Callable[..., Awaitable[Any]]

pytestmark = pytest.mark.usefixtures("meter")


@pytest.fixture
async def relay(database: ServerAddress) -> AsyncIterator[Relay]:
    """A relay to the database."""

    async def connect() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if database.host.startswith("/"):
            socket = f"{database.host}/.s.PGSQL.{database.port}"
            return await asyncio.open_unix_connection(socket)
        return await asyncio.open_connection(database.host, database.port)

    made = Relay(connect)
    await made.mend()
    yield made
    await made.cut()


@pytest.fixture
def through_relay(database: ServerAddress, relay: Relay) -> DatabaseSettings:
    """The database's settings, by way of the relay."""
    address = msgspec.structs.replace(database, host="127.0.0.1", port=relay.port)
    login = f"{address.user}:{address.password}"
    url = f"postgresql://{login}@127.0.0.1:{relay.port}/{address.database}"
    return DatabaseSettings(url=url)


async def test_outage_is_unavailable_and_ends_without_a_restart(
    start: Start, relay: Relay, through_relay: DatabaseSettings
) -> None:
    """While the database is away answers are 503; life goes on, and on again after."""
    host = await start("meter", database=through_relay)
    headers = await host.bearer("viewer")
    path = "/api/v1/m/meter/readings"
    before = await host.client.get(path, headers=headers)

    await relay.cut()
    during = await host.client.get(path, headers=headers)
    alive = await host.client.get("/health/live")
    unready = await host.client.get("/health/ready")

    await relay.mend()
    after = await host.client.get(path, headers=headers)
    # The queue comes back a moment later, by itself.
    async with asyncio.timeout(10):
        while (await host.client.get("/health/ready")).status_code != 200:  # noqa: ASYNC110  # HTTP has no event
            await asyncio.sleep(0.05)

    assert before.status_code == 200
    assert during.status_code == 503
    assert during.json()["error"]["code"].startswith("database_")
    assert during.headers["retry-after"] == "10"
    assert (alive.status_code, unready.status_code) == (200, 503)
    assert "database" in unready.json()["detail"]
    assert after.status_code == 200


async def test_host_that_cannot_reach_its_database_tries_again(
    make: Callable[..., Any], speak: Any, relay: Relay, through_relay: DatabaseSettings
) -> None:
    """A request to a host that cannot start is 503; one after the outage starts it."""
    await relay.cut()
    app = make(database=through_relay)
    async with speak(app) as client:
        during = await client.get("/health/live")
        await relay.mend()
        after = await client.get("/health/live")
        await app.stop()

    assert during.status_code == 503
    assert during.json()["error"]["code"] == "database_unreachable"
    assert "127.0.0.1" in during.json()["detail"]
    assert after.status_code == 200
