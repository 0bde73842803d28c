"""A host whose database goes away and comes back."""

from __future__ import annotations

import asyncio
import logging
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import msgspec
import pytest
from relay import Relay

from nxforge_core.database import DatabaseUnreachableError, ServerAddress
from nxforge_core.settings import DatabaseSettings

Start = Callable[..., Awaitable[Any]]

#: Of PostgreSQL's protocol: the first message, where it asks for TLS.
_WANTS_TLS = 80877103

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


@pytest.mark.parametrize("away", ["refuses connections", "is starting up"])
async def test_host_waits_at_its_start_until_the_database_is_ready(
    make: Callable[..., Any],
    relay: Relay,
    through_relay: DatabaseSettings,
    caplog: pytest.LogCaptureFixture,
    away: str,
) -> None:
    """A server that crashed just now is waited out, said once, and no exit."""
    await relay.cut()
    app = make("meter", database=through_relay)
    recovering = None
    if away == "is starting up":
        recovering = await asyncio.start_server(_recover, "127.0.0.1", relay.port)
    with caplog.at_level(logging.WARNING):
        async with asyncio.TaskGroup() as group:
            starting = group.create_task(app.start())
            await asyncio.sleep(0.7)
            waited = not starting.done()
            if recovering is not None:
                recovering.close()
            await relay.mend()
    running = starting.result()
    await app.stop()

    assert waited
    assert "meter" in running.started
    told = [each for each in caplog.messages if "waiting for the database" in each]
    assert len(told) == 1
    assert "wait=30.0" in told[0]


async def test_drained_host_gives_up_the_wait_for_its_database(
    make: Callable[..., Any], relay: Relay, through_relay: DatabaseSettings
) -> None:
    """A host that is told to stop while it waits ends now, and not in half a minute."""
    await relay.cut()
    app = make(database=through_relay)
    asyncio.get_running_loop().call_later(0.3, app.drain)
    async with asyncio.timeout(5):
        with pytest.raises(DatabaseUnreachableError):
            await app.start()


async def test_wrong_password_is_not_waited_for(
    make: Callable[..., Any], through_relay: DatabaseSettings
) -> None:
    """What time does not mend ends the start at once."""
    url = f"{through_relay.url}_not_there"
    app = make(database=msgspec.structs.replace(through_relay, url=url))
    async with asyncio.timeout(5):
        with pytest.raises(DatabaseUnreachableError, match="does not exist"):
            await app.start()


async def _recover(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer as PostgreSQL does while it recovers from a crash."""
    size, kind = struct.unpack("!ii", await reader.readexactly(8))
    if kind == _WANTS_TLS:
        writer.write(b"N")
        size = struct.unpack("!i", await reader.readexactly(4))[0] + 4
    await reader.readexactly(size - 8)
    fields = b"SFATAL\0C57P03\0Mthe database system is starting up\0\0"
    writer.write(b"E" + struct.pack("!i", 4 + len(fields)) + fields)
    await writer.drain()
    writer.close()
