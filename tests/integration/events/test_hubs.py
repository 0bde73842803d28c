# ruff: noqa: ASYNC110 - looks at lists, where nobody sets an event
"""Events from one process to the others, over connections that a test loses."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from hearing import Lines, Told

from nxforge_core.database import Pool
from nxforge_core.events import EventHub

from .conftest import MakeHub

EMITS = ("metric.*",)
_BACKENDS = """
select count(pg_terminate_backend(pid)) from pg_stat_activity
where application_name = 'nxforge events' and datname = current_database()
"""


async def until(met: Callable[[], object]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(10):
        while not met():
            await asyncio.sleep(0.01)


async def say(hub: EventHub, *texts: str) -> None:
    """Publish as a plugin does."""
    batch = [{"text": text} for text in texts]
    await hub.publish("meter", EMITS, "metric.collected", batch)


async def test_event_is_told_in_every_process_once(hub_of: MakeHub) -> None:
    """The process that publishes is told at once, the others within a second."""
    here, there, elsewhere = Told(), Told(), Told()
    hub = await hub_of(metric_collected=here)
    await hub_of(metric_collected=there)
    await hub_of(metric_collected=elsewhere)

    began = time.monotonic()
    await say(hub, "one", "two")
    await until(lambda: len(there.events) == len(elsewhere.events) == 2)

    assert time.monotonic() - began < 1
    await say(hub, "three")
    await until(lambda: len(there.events) == len(elsewhere.events) == 3)
    assert here.events == there.events == elsewhere.events
    assert [event.data["text"] for event in here.events] == ["one", "two", "three"]


async def test_event_that_is_too_large_for_a_notification_arrives_whole(
    hub_of: MakeHub,
) -> None:
    """It is fetched from a table, with every character as it was published."""
    there = Told()
    hub = await hub_of()
    await hub_of(metric_collected=there)
    text = "µ\x00😀" * 5_000

    await say(hub, text, "small")
    await until(lambda: len(there.events) == 2)

    assert {event.data["text"] for event in there.events} == {text, "small"}


async def test_events_arrive_again_after_a_lost_connection(
    hub_of: MakeHub, core: Pool, lines: Lines
) -> None:
    """Both directions work on as soon as there is a connection again."""
    here, there = Told(), Told()
    hub = await hub_of(metric_collected=here)
    other = await hub_of(metric_collected=there)

    assert await core.fetchval(_BACKENDS) == 2
    await until(lambda: len(lines.said("listener_lost")) == 2)

    async with asyncio.timeout(10):
        while not all(_texts(told) == {"here", "there"} for told in (here, there)):
            await say(hub, "here")
            await say(other, "there")
            await asyncio.sleep(0.05)


def _texts(told: Told) -> set[str]:
    return {event.data["text"] for event in told.events}


async def test_last_events_of_a_process_that_stops_are_sent(hub_of: MakeHub) -> None:
    """What was published just before the end reaches the others."""
    there = Told()
    await hub_of(metric_collected=there)
    hub = await hub_of()
    ending = asyncio.get_running_loop().create_task(hub.run())
    await asyncio.sleep(0)

    await say(hub, "last")
    ending.cancel()

    await until(lambda: there.events)
