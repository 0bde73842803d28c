"""A server that is there and answers nothing: every wait for it ends."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import asyncpg
import msgspec
import pytest
from relay import Relay

from nxforge_core.database import DatabaseTimeoutError, Pool, ServerAddress


@pytest.fixture
async def relay(database: ServerAddress) -> AsyncIterator[Relay]:
    """A network to the database that can be made a black hole."""

    async def connect() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if database.host.startswith("/"):
            path = f"{database.host}/.s.PGSQL.{database.port}"
            return await asyncio.open_unix_connection(path)
        return await asyncio.open_connection(database.host, database.port)

    made = Relay(connect)
    await made.mend()
    yield made
    await made.let_go()
    await made.cut()


@pytest.fixture
async def pool(database: ServerAddress, relay: Relay) -> AsyncIterator[Pool]:
    """A pool behind it that would let a statement take ten seconds."""
    address = msgspec.structs.replace(database, host="127.0.0.1", port=relay.port)
    made = Pool(address, search_path="public", size=1)
    yield made
    await made.close()


async def _in_transaction(pool: Pool) -> None:
    async with pool.transaction() as connection:
        await connection.fetchval("SELECT 1")


@pytest.mark.parametrize(
    "ask", [lambda pool: pool.fetchval("SELECT 1"), _in_transaction]
)
async def test_silence_is_noticed_long_before_a_slow_statement_would_end(
    pool: Pool, relay: Relay, ask: Callable[[Pool], Awaitable[Any]]
) -> None:
    """A statement is given up after 4 s, its connection cut, the next one works."""
    await pool.fetchval("SELECT 1")
    await relay.hold()
    began = time.monotonic()

    with pytest.raises(DatabaseTimeoutError, match="no answer within 4 s"):
        await ask(pool)

    assert 3 < time.monotonic() - began < 6
    await relay.let_go()
    assert await pool.fetchval("SELECT 1") == 1


async def test_stop_has_who_waits_for_a_silent_server_cut_soon(
    pool: Pool, relay: Relay
) -> None:
    """In a hurry a statement is given up within 1.5 s, the next one within 0.5 s."""
    await pool.fetchval("SELECT 1")
    await relay.hold()
    began = time.monotonic()
    loop = asyncio.get_running_loop()

    loop.call_later(0.05, pool.hurry)
    with pytest.raises(DatabaseTimeoutError, match=r"no answer within 1\.5 s"):
        await pool.fetchval("SELECT 1")
    with pytest.raises(DatabaseTimeoutError):
        await pool.fetchval("SELECT 1")

    await pool.close()
    assert time.monotonic() - began < 3.5


async def test_stop_leaves_a_living_server_its_time(pool: Pool) -> None:
    """In a hurry, too, a statement that a server works on is waited for."""
    pool.hurry()

    assert not await pool.is_silent()
    assert await pool.fetchval("SELECT 1 FROM pg_sleep(1.8)") == 1


async def test_slow_statement_of_a_living_server_is_left_alone(pool: Pool) -> None:
    """A server that greets new connections may take its time."""
    assert await pool.fetchval("SELECT 1 FROM pg_sleep(4.5)") == 1


async def test_caller_that_gives_up_waits_a_second_more_at_most(
    pool: Pool, relay: Relay
) -> None:
    """A cancelled statement does not wait for a silent server to cancel it."""
    await pool.fetchval("SELECT 1")
    await relay.hold()
    began = time.monotonic()

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await pool.fetchval("SELECT 1")

    assert time.monotonic() - began < 2.5


async def test_search_path_outlasts_a_reset(pool: Pool) -> None:
    """What one caller sets never reaches the next, and the schema is the pool's."""
    await pool.execute("SET search_path = pg_catalog")

    assert await pool.fetchval("SHOW search_path") == "public"
    assert isinstance(await pool.fetchrow("SELECT 1"), asyncpg.Record)
