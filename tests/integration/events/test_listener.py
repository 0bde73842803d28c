"""Notifications, over connections that a test loses in every way there is."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import asyncpg
import psutil
import pytest

from nxforge_core.database import EmbeddedServer, Pool, ServerAddress
from nxforge_core.events import Listener
from nxforge_core.services import beside

_BACKENDS = """
select count(pg_terminate_backend(pid)) from pg_stat_activity
where application_name = 'nxforge events' and datname = current_database()
"""


class Ear:
    """Remembers what a listener calls."""

    def __init__(self) -> None:
        self.payloads: list[str] = []
        self.misses = 0
        self._turned = asyncio.Event()

    def heard(self, payload: str) -> None:
        """A notification came."""
        self.payloads.append(payload)
        self._turned.set()

    def missed(self) -> None:
        """Notifications may have been lost."""
        self.misses += 1
        self._turned.set()

    async def until(self, reached: Callable[[Ear], bool]) -> None:
        """Wait until it has heard, or missed, enough."""
        async with asyncio.timeout(8):
            while not reached(self):
                self._turned.clear()
                await self._turned.wait()


@pytest.fixture
async def listener(database: ServerAddress) -> AsyncIterator[Listener]:
    """A listener at work."""
    made = Listener(database)
    async with beside(made.run()):
        yield made


async def notify(pool: Pool, channel: str, payload: str) -> None:
    """Notify as anybody would."""
    await pool.execute("select pg_notify($1, $2)", channel, payload)


async def test_notification_reaches_every_listener(
    database: ServerAddress, listener: Listener, pool: Pool
) -> None:
    """What one process notifies, all processes hear, and several ears in each."""
    near, beside_it, far = Ear(), Ear(), Ear()
    other = Listener(database)
    other.listen("Odd channel", far.heard, far.missed)
    listener.listen("Odd channel", near.heard, near.missed)
    listener.listen("Odd channel", beside_it.heard, beside_it.missed)
    async with beside(other.run()):
        for ear in (near, beside_it, far):
            await ear.until(lambda ear: ear.misses == 1)
        assert listener.connected

        await notify(pool, "Odd channel", 'a "payload"')

        for ear in (near, beside_it, far):
            await ear.until(lambda ear: ear.payloads == ['a "payload"'])


async def test_listener_hears_on_when_its_backend_was_terminated(
    listener: Listener, pool: Pool
) -> None:
    """A lost connection is replaced, `missed` says so, and nothing later is lost."""
    ear = Ear()
    listener.listen("jobs", ear.heard, ear.missed)
    await ear.until(lambda ear: ear.misses == 1)

    assert await pool.fetchval(_BACKENDS) == 1
    await ear.until(lambda ear: ear.misses == 2)
    await notify(pool, "jobs", "after")

    await ear.until(lambda ear: ear.payloads == ["after"])


async def test_listening_begins_and_ends_while_the_listener_runs(
    listener: Listener, pool: Pool
) -> None:
    """An ear may come and go at any time; one that went is never called again."""
    first, second = Ear(), Ear()
    end = listener.listen("one", first.heard, first.missed)
    await first.until(lambda ear: ear.misses == 1)
    listener.listen("two", second.heard, second.missed)
    await second.until(lambda ear: ear.misses == 1)

    end()
    await notify(pool, "one", "unheard")
    await notify(pool, "two", "heard")
    await second.until(lambda ear: ear.payloads == ["heard"])

    assert first.payloads == []
    assert first.misses == 1


async def test_ear_returns_to_a_channel_that_was_left(
    listener: Listener, pool: Pool
) -> None:
    """A channel can be left and heard again, over the same connection."""
    ear, again = Ear(), Ear()
    listener.listen("one", ear.heard, ear.missed)()
    listener.listen("two", ear.heard, ear.missed)
    await ear.until(lambda ear: ear.misses == 1)

    listener.listen("one", again.heard, again.missed)
    await again.until(lambda ear: ear.misses == 1)
    await notify(pool, "one", "back")

    await again.until(lambda ear: ear.payloads == ["back"])


class Memory:
    """A log that keeps the warnings."""

    def __init__(self) -> None:
        self.warnings: list[tuple[str, dict[str, object]]] = []

    def warning(self, event: str, **facts: object) -> None:
        """Keep it."""
        self.warnings.append((event, facts))

    debug = info = error = exception = warning


async def test_raising_ear_is_logged_and_stops_no_other(
    database: ServerAddress, pool: Pool
) -> None:
    """What one subscriber does wrong, the others do not notice."""
    log, ear = Memory(), Ear()

    def deaf(payload: str) -> None:
        raise ValueError(payload)

    listener = Listener(database, log)
    listener.listen("jobs", deaf)
    listener.listen("jobs", ear.heard, ear.missed)
    async with beside(listener.run()):
        await ear.until(lambda ear: ear.misses == 1)
        await notify(pool, "jobs", "loud")
        await ear.until(lambda ear: ear.payloads == ["loud"])

    facts = {"why": "ValueError: loud", "channel": "jobs"}
    assert log.warnings == [("listener_failed", facts)]


async def test_silent_connection_is_noticed_when_the_server_freezes(
    private: tuple[EmbeddedServer, ServerAddress],
) -> None:
    """No answer to a sign of life ends a connection; the next one says `missed`."""
    server, address = private
    ear = Ear()
    listener = Listener(address, check=0.1, deadline=0.5)
    listener.listen("jobs", ear.heard, ear.missed)
    async with beside(listener.run()):
        await ear.until(lambda ear: ear.misses == 1)
        with frozen(server):
            async with asyncio.timeout(3):
                while listener.connected:  # noqa: ASYNC110 - no event says it
                    await asyncio.sleep(0.02)
        await ear.until(lambda ear: ear.misses == 2)


@pytest.mark.parametrize("pause", [0.02, 0.4, 1.0])
async def test_listener_ends_quickly_when_the_server_is_frozen(
    private: tuple[EmbeddedServer, ServerAddress], pause: float
) -> None:
    """A cancelled listener waits for no server: resting, asking or connecting."""
    server, address = private
    ear = Ear()
    listener = Listener(address, check=0.2, deadline=0.5)
    listener.listen("jobs", ear.heard, ear.missed)
    with ExitStack() as stack:
        async with beside(listener.run()):
            await ear.until(lambda ear: ear.misses == 1)
            stack.enter_context(frozen(server))
            await asyncio.sleep(pause)
            began = time.monotonic()
        took = time.monotonic() - began

    assert took < 0.3
    assert not listener.connected


async def test_listener_waits_for_a_server_that_is_not_there(tmp_path: Path) -> None:
    """Ears may come before the server does."""
    server, ear = EmbeddedServer(tmp_path / "postgresql"), Ear()
    address = await server.start()
    await server.stop()
    listener = Listener(address)
    listener.listen("jobs", ear.heard, ear.missed)
    async with beside(listener.run()):
        await asyncio.sleep(0.1)
        assert not listener.connected
        async with server:
            await ear.until(lambda ear: ear.misses == 1)
            connection = await asyncpg.connect(**address.asyncpg_arguments())
            await connection.execute("notify jobs")
            await connection.close()
            await ear.until(lambda ear: ear.payloads == [""])


@pytest.fixture
async def private(
    tmp_path: Path,
) -> AsyncIterator[tuple[EmbeddedServer, ServerAddress]]:
    """A server of this test alone, which it may freeze."""
    server = EmbeddedServer(tmp_path / "postgresql")
    async with server as address:
        yield server, address


@contextmanager
def frozen(server: EmbeddedServer) -> Iterator[None]:
    """Stop every process of the server; it goes on afterwards."""
    assert server.pid is not None
    postmaster = psutil.Process(server.pid)
    pids = [server.pid, *(child.pid for child in postmaster.children(recursive=True))]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
