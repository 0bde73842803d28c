"""What open pages are told: that something happened, and little of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from types import SimpleNamespace
from typing import Any

import pytest

from nxforge_core.builtin import LiveStreams
from nxforge_core.builtin._page_stream import stream_changes
from nxforge_core.events import EventHub
from nxforge_core.security import Principal

EMITS = ("meter.*", "door.*")


class Page:
    """A page that follows the events of a hub."""

    def __init__(self, hub: EventHub, *granted: str) -> None:
        self.closing = asyncio.Event()
        self.streams = LiveStreams(self.closing)
        self.reader = Principal("somebody", "viewer", frozenset(granted or {"*"}))
        self.host = SimpleNamespace(
            hub=hub,
            page_streams=self.streams,
            edition="one",
            permission_of_event=lambda source, name: (
                f"{source}:{name.partition('.')[0]}"
            ),
        )

    async def follow(
        self, names: str, full: str = "", last: str | None = None
    ) -> AsyncGenerator[bytes, None]:
        """The bytes of the stream."""
        ctx: Any = SimpleNamespace(host=self.host)
        request: Any = SimpleNamespace(user=self.reader)
        answer = await stream_changes(ctx, request, names, full, last)
        self.left = answer.left
        return answer.events


def event(block: bytes) -> tuple[str, Any]:
    """Name and data of the last event of a block."""
    lines = dict(
        line.split(": ", 1) for line in block.decode().splitlines() if ": " in line[1:]
    )
    return lines["event"], json.loads(lines["data"])


async def begun(events: AsyncGenerator[bytes, None]) -> Any:
    """Read the beginning: the pace of coming again, and who the host is."""
    assert await anext(events) == b"retry: 2000\n\n"
    return event(await anext(events))


async def test_burst_is_told_once(hub: EventHub) -> None:
    """A thousand events of a name are one word."""
    page = Page(hub)
    async with aclosing(await page.follow("meter.*")) as events:
        name, hello = await begun(events)
        await hub.publish("probe", EMITS, "meter.read", [{"n": n} for n in range(1000)])
        await hub.publish("probe", EMITS, "door.open", [{}])

        told = event(await anext(events))

    page.left()
    assert (name, hello["missed"]) == ("hello", False)
    assert len(hello["digest"]) == 12
    assert told == ("changed", ["meter.read"])
    assert len(page.streams) == 0


async def test_whole_events_come_beside_their_names(hub: EventHub) -> None:
    """What is asked for with its data comes each time, and is a change as well."""
    page = Page(hub)
    async with aclosing(await page.follow("meter.read", "meter.read")) as events:
        await begun(events)
        await hub.publish("probe", EMITS, "meter.read", [{"n": 1}, {"n": 2}])

        block = (await anext(events)).decode()

    page.left()
    told = [line for line in block.splitlines() if line.startswith("event: ")]
    assert told == ["event: told", "event: told", "event: changed"]
    assert '"data":{"n":2}' in block


async def test_reader_is_told_what_they_may_see(hub: EventHub) -> None:
    """An event whose permission the reader lacks is not mentioned."""
    page = Page(hub, "probe:door")
    async with aclosing(await page.follow("*", "*")) as events:
        await begun(events)
        await hub.publish("probe", EMITS, "meter.read", [{"n": 1}])
        await hub.publish("probe", EMITS, "door.open", [{}])

        block = (await anext(events)).decode()

    page.left()
    assert "door.open" in block
    assert "meter.read" not in block


async def test_page_that_comes_again_looks_at_everything(hub: EventHub) -> None:
    """Who was away is told so, whatever happened meanwhile."""
    page = Page(hub)
    async with aclosing(await page.follow("meter.*", last="1")) as events:
        _, hello = await begun(events)

    page.left()
    assert hello["missed"] is True


async def test_stream_ends_with_the_host(hub: EventHub) -> None:
    """A host that stops waits for no page."""
    page = Page(hub)
    events = await page.follow("meter.*")
    await begun(events)
    page.closing.set()
    hub.end_taps("stop")

    async with asyncio.timeout(1):
        rest = [block async for block in events]

    page.left()
    assert rest == [b"event: alive\ndata: []\n\n"]
    with pytest.raises(StopAsyncIteration):
        await anext(events)


async def test_page_is_told_at_once_which_plugins_are_at_work(hub: EventHub) -> None:
    """Another edition is told without an event, and told once."""
    page = Page(hub)
    async with aclosing(await page.follow("meter.*")) as events:
        _, hello = await begun(events)
        page.host.edition = "two"
        hub.wake_taps()

        told = event(await anext(events))
        hub.wake_taps()
        alive = event(await anext(events))

    page.left()
    assert hello["edition"] == "one"
    assert told == ("edition", "two")
    assert alive == ("alive", [])
