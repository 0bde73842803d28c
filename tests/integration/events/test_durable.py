# ruff: noqa: ASYNC110 - looks at lists, where nobody sets an event
"""Events that are told at least once, whatever dies or is away meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, suppress
from typing import Any

import pytest
from contexts import job_plugin_context
from hearing import Lines, Told

from nxforge_core.api import PluginId, SubscriptionSpec
from nxforge_core.database import Pool, ServerAddress
from nxforge_core.events import EventHub, Listener
from nxforge_core.services import SystemClock, beside

from .test_hubs import say, until

LISTENER = PluginId("listener")


class Process:
    """A hub with one durable subscription; it can vanish without a word."""

    def __init__(
        self, core: Pool, address: ServerAddress, lines: Lines, pattern: str | None
    ) -> None:
        self.told = Told()
        self.hub: EventHub
        self._facts = core, address, lines, pattern
        self._stack = AsyncExitStack()

    async def begin(self) -> EventHub:
        """Come up."""
        core, address, lines, pattern = self._facts
        listener = Listener(address, lines)
        self.hub = EventHub(core, listener, SystemClock(), lambda _: lines, 1.0)
        wishes = [
            (
                SubscriptionSpec(pattern, self.told, durable=True, name="told"),
                job_plugin_context(LISTENER, core),
            )
            for pattern in ([] if pattern is None else [pattern])
        ]
        enter = self._stack.enter_async_context
        await enter(beside(listener.run()))
        await enter(beside(self.hub.run()))
        await enter(self.hub.subscribed(wishes, [LISTENER] if wishes else []))
        return self.hub

    async def end(self) -> None:
        """Stop in peace."""
        await self._stack.aclose()


Start = Callable[..., Any]


@pytest.fixture
async def start(
    core: Pool, database: ServerAddress, lines: Lines
) -> AsyncIterator[Start]:
    """Start processes, ended with the test."""
    processes: list[Process] = []

    async def begin(pattern: str | None = "metric.*") -> Process:
        process = Process(core, database, lines, pattern)
        processes.append(process)
        await process.begin()
        return process

    yield begin
    for process in processes:
        await process.end()


async def waiting(core: Pool) -> int:
    """Deliveries that are left."""
    return int(await core.fetchval("select count(*) from event_delivery"))


async def test_durable_event_is_told_to_one_of_the_processes(
    start: Start, core: Pool
) -> None:
    """Two processes share the work; nothing is told twice, nothing stays behind."""
    first, second = await start(), await start()

    await say(first.hub, *[str(n) for n in range(50)])
    await until(lambda: len(first.told.events) + len(second.told.events) == 50)
    await asyncio.sleep(0.2)

    texts = [e.data["text"] for e in [*first.told.events, *second.told.events]]
    assert sorted(texts, key=int) == [str(n) for n in range(50)]
    assert await waiting(core) == 0


async def test_event_is_told_again_after_its_handler_failed(
    start: Start, core: Pool
) -> None:
    """A failure costs a pause; the handler sees the same event once more."""
    process = await start()
    process.told.error = ValueError("not now")
    await say(process.hub, "again")
    await until(lambda: process.told.events)
    process.told.error = None

    await until(lambda: len(process.told.events) == 2)
    await asyncio.sleep(0.1)

    first, second = process.told.events
    assert first == second
    assert await waiting(core) == 0
    assert process.hub.counts.of(LISTENER)["failed"] == 1
    assert process.hub.counts.of(LISTENER)["delivered"] == 1


async def test_event_waits_for_a_process_that_comes_later(
    start: Start, core: Pool
) -> None:
    """What was published while nobody was there is told to who comes next."""
    gone = await start()
    await gone.end()
    publisher = await start(None)
    await say(publisher.hub, "kept")
    assert await waiting(core) == 1

    late = await start()

    await until(lambda: late.told.events)
    assert late.told.events[0].data == {"text": "kept"}


async def test_event_in_the_hands_of_a_dead_process_is_taken_over(
    start: Start, core: Pool
) -> None:
    """After the lease the other process is told; while the first lives it is not."""
    first = await start()
    first.told.go.clear()
    await say(first.hub, "held")
    await asyncio.sleep(0.3)
    second = await start()
    await asyncio.sleep(1.5)
    assert second.told.events == []

    # As after a kill: nobody renews, nobody gives back.
    first.hub._keeper._holder = "somebody else"

    await until(lambda: second.told.events)
    first.told.go.set()
    await asyncio.sleep(0.2)
    assert await waiting(core) == 0


async def test_process_that_stops_gives_its_events_back_at_once(
    start: Start,
) -> None:
    """Its successor need not wait for the end of a lease."""
    first = await start()
    first.told.go.clear()
    await say(first.hub, "held", "waits")
    await asyncio.sleep(0.2)

    await first.end()
    second = await start()

    await until(lambda: len(second.told.events) == 2)


async def test_subscription_that_is_gone_leaves_nothing(
    start: Start, core: Pool
) -> None:
    """Its row goes when the plugin starts without it, its events with the upkeep."""
    process = await start()
    process.told.go.clear()
    await say(process.hub, "never")
    await process.end()
    plain = await start("job.*")
    assert await core.fetchval("select pattern from event_subscriber") == "job.*"
    await core.execute("delete from event_subscriber")

    await plain.hub._keeper.keep_house()

    assert await waiting(core) == 0


async def test_given_up_events_are_kept_for_a_week(start: Start, core: Pool) -> None:
    """They can be looked at, and are not tried any more."""
    process = await start()
    process.told.error = ValueError("never")
    await say(process.hub, "bad")
    await until(lambda: process.told.events)
    await core.execute("update event_delivery set tries = 59, due_at = now()")
    process.hub._remind()

    async with asyncio.timeout(10):
        while not await core.fetchval("select given_up_at from event_delivery"):
            await asyncio.sleep(0.02)

    assert "never" in await core.fetchval("select error from event_delivery")
    await process.hub._keeper.keep_house()
    assert await waiting(core) == 1
    await core.execute(
        "update event_delivery set given_up_at = now() - '8 days'::interval"
    )
    await process.hub._keeper.keep_house()
    assert await waiting(core) == 0


async def test_host_event_of_a_transaction_reaches_everybody(
    start: Start, core: Pool
) -> None:
    """It is told if the transaction commits, and only then; large ones too."""
    process = await start("module.*")
    with suppress(ZeroDivisionError):
        async with core.transaction() as connection:
            await connection.execute("select publish_event('module.never', '{}')")
            raise ZeroDivisionError
    long = "x" * 9_000
    for text in ("short", long):
        await core.execute(
            "select publish_event('module.enabled', json_build_object('id', $1::text))",
            text,
        )

    await until(lambda: len(process.told.events) == 2)

    events = process.told.events
    assert [event.name for event in events] == ["module.enabled"] * 2
    assert [event.data["id"] for event in events] == ["short", long]
    assert {event.source for event in events} == {"nxforge"}
