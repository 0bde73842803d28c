# ruff: noqa: ASYNC110 - looks at lists, where nobody sets an event
"""Events inside one process: who is told, and what never happens to the producer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hearing import Lines, Told

from nxforge_core.database import DatabaseUnavailableError
from nxforge_core.events import EventHub

EMITS = ("meter.*",)
Wish = Callable[..., Any]


async def _settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_subscribers_of_the_name_and_of_its_pattern_are_told(
    hub: EventHub, wish: Wish
) -> None:
    """An event reaches everybody who wants it, with its data as JSON has it."""
    exact, pattern, every, other = Told(), Told(), Told(), Told()
    wishes = [
        wish("meter.read", exact),
        wish("meter.*", pattern),
        wish("*", every),
        wish("job.*", other),
    ]
    async with hub.subscribed(wishes, []):
        data = {"kwh": Decimal("12543.50"), "at": datetime(2026, 1, 1, tzinfo=UTC)}
        await hub.publish("meter", EMITS, "meter.read", [data])
        await _settle()
    (event,) = exact.events
    assert pattern.events == every.events == [event]
    assert other.events == []
    assert (event.name, event.source) == ("meter.read", "meter")
    assert event.data == {"kwh": Decimal("12543.50"), "at": "2026-01-01T00:00:00Z"}
    assert event.at.tzinfo is UTC


async def test_ids_grow(hub: EventHub, wish: Wish) -> None:
    """A later event of a process has a greater id, however fast they come."""
    told = Told()
    async with hub.subscribed([wish("*", told)], []):
        await hub.publish("meter", EMITS, "meter.read", [{"n": n} for n in range(500)])
        while len(told.events) < 500:
            await asyncio.sleep(0)
    ids = [event.id for event in told.events]
    assert ids == sorted(set(ids))
    assert [event.data["n"] for event in told.events] == list(range(500))


@pytest.mark.parametrize(
    "error", [ValueError("no"), SystemExit(3), asyncio.CancelledError()]
)
async def test_failing_subscriber_harms_nobody(
    hub: EventHub, wish: Wish, lines: Lines, error: BaseException
) -> None:
    """It is told of the next event, and the others of all; the failure is logged."""
    bad, good = Told(), Told()
    bad.error = error
    async with hub.subscribed([wish("*", bad, "bad"), wish("*", good, "good")], []):
        await hub.publish("meter", EMITS, "meter.read", [{}, {}])
        await _settle()
    assert len(bad.events) == len(good.events) == 2
    assert hub.counts.of("bad")["failed"] == 2
    assert hub.counts.of("good")["delivered"] == 2
    assert hub.counts.of("meter")["published"] == 2
    assert type(error).__name__ in lines.said("subscriber_failed")[0]["why"]


async def test_slow_subscriber_loses_what_it_cannot_take(
    hub: EventHub, wish: Wish, lines: Lines
) -> None:
    """Its queue is bounded; the producer and the others do not wait for it."""
    slow, good = Told(), Told()
    slow.go.clear()
    async with hub.subscribed([wish("*", slow, "slow"), wish("*", good, "good")], []):
        for number in range(1_100):
            await hub.publish("meter", EMITS, "meter.read", [{"n": number}])
            await asyncio.sleep(0)
        slow.go.set()
        await _until(lambda: len(slow.events) >= 1_000)
        await _settle()
    assert len(good.events) == 1_100
    dropped = hub.counts.of("slow")["dropped"]
    assert len(slow.events) + dropped == 1_100
    assert dropped >= 99
    assert len(lines.said("subscriber_too_slow")) == 1
    assert lines.said("events_dropped") == [{"subscription": "told", "lost": dropped}]


async def test_handler_that_takes_too_long_is_cancelled(
    hub: EventHub, wish: Wish, lines: Lines
) -> None:
    """The next event is handed over after the handler's time."""
    stuck = Told()
    stuck.go.clear()
    async with hub.subscribed([wish("*", stuck, timeout=0.01)], []):
        await hub.publish("meter", EMITS, "meter.read", [{}])
        await _until(lambda: hub.counts.of("listener")["failed"])
        stuck.go.set()
        await hub.publish("meter", EMITS, "meter.read", [{}])
        await _until(lambda: stuck.events)
    (facts,) = lines.said("subscriber_failed")
    assert "took more than 0.01 s" in facts["why"]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("job.done", {}, "'job.done' is published, and manifest.json lists 'meter.*'"),
        ("meter.read", [1], "is list, not an object"),
        ("meter.read", {"of": object()}, "object"),
        ("meter.read", {"kwh": Decimal("NaN")}, "non-finite"),
        ("meter.read", {"text": "x" * 300_000}, "256000 at the most"),
    ],
)
async def test_what_cannot_be_published_is_logged_and_counted(
    hub: EventHub, wish: Wish, lines: Lines, name: str, data: Any, words: str
) -> None:
    """The producer goes on; the log of its plugin says what is wrong."""
    told = Told()
    async with hub.subscribed([wish("*", told)], []):
        await hub.publish("meter", EMITS, name, [data])
        await _settle()
    assert told.events == []
    assert hub.counts.of("meter")["refused"] == 1
    (facts,) = lines.said("event_refused")
    assert facts["event_name"] == name
    assert words in facts["why"]


async def test_events_of_a_round_share_notifications(
    hub: EventHub, lines: Lines
) -> None:
    """Hundreds of events are a few payloads, none too large for PostgreSQL."""
    batch = [{"endpoint": n, "kwh": Decimal("12543.512")} for n in range(500)]
    await hub.publish("meter", EMITS, "meter.read", batch)
    await hub._post.send()
    assert len(lines.payloads) < 20
    assert all(len(payload) < 8_000 for payload in lines.payloads)
    sent = [p for payload in lines.payloads for p in json.loads(payload)[1]]
    assert [parcel[4]["endpoint"] for parcel in sent] == list(range(500))


async def test_events_wait_for_a_database_that_is_away(
    hub: EventHub, lines: Lines
) -> None:
    """They are sent when it is back; the oldest go where they would fill the memory."""
    lines.away = DatabaseUnavailableError("db", "it crashed")
    data = {"text": "x" * 200_000}
    for _ in range(50):
        await hub.publish("meter", EMITS, "meter.read", [data])
    with pytest.raises(DatabaseUnavailableError):
        await hub._post.send()
    lines.away = None
    await hub._post.send()
    assert hub.counts.of("meter")["lost"] == 11
    assert len(lines.payloads) == 39


async def test_durable_events_are_stored_when_the_database_is_back(
    hub: EventHub, lines: Lines
) -> None:
    """The producer does not fail, and the event is stored before it is notified."""
    lines.away = DatabaseUnavailableError("db", "it crashed")
    await hub.publish("meter", EMITS, "meter.read", [{}])
    assert lines.said("events_not_stored")
    lines.away = None
    await hub._post.send()
    assert lines.stored == 1
    assert len(lines.payloads) == 1


async def test_batch_that_the_database_refuses_stops_no_other(
    hub: EventHub, lines: Lines
) -> None:
    """What can never be sent is lost, counted and said."""
    lines.away = ValueError("refused")
    await hub.publish("meter", EMITS, "meter.read", [{}])
    await hub._post.send()
    lines.away = None
    await hub.publish("meter", EMITS, "meter.read", [{}])
    await hub._post.send()
    assert hub.counts.of("meter")["lost"] == 1
    assert len(lines.payloads) == 1
    assert lines.said("events_not_sent")


async def _until(met: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not met():
            await asyncio.sleep(0.001)
