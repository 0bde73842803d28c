"""What a consumer outside gets, and what it costs when it is slow or was away."""

from __future__ import annotations

import json
from typing import Any

from hearing import Lines

from nxforge_core.builtin._telling import tell
from nxforge_core.events import EventHub, Memory, Parcel, Tap

EMITS = ("meter.*",)


def anything(_: Parcel) -> bool:
    """Want everything."""
    return True


async def publish(hub: EventHub, *numbers: int) -> None:
    """Publish some."""
    await hub.publish("meter", EMITS, "meter.read", [{"n": n} for n in numbers])


def numbers(parcels: list[Parcel]) -> list[Any]:
    """What they carry."""
    return [parcel.open().data["n"] for parcel in parcels]


def events(text: bytes) -> list[tuple[str, Any]]:
    """Names and data of a stream's events."""
    found = []
    for block in text.decode().split("\n\n"):
        lines = dict(
            line.split(": ", 1) for line in block.splitlines() if ": " in line[1:]
        )
        if "event" in lines:
            found.append((lines["event"], json.loads(lines["data"])))
    return found


async def test_consumer_gets_what_it_wants(hub: EventHub) -> None:
    """Everything from now on that its filter lets through."""
    tap = hub.open_tap(lambda parcel: parcel.open().data["n"] % 2 == 0)

    await publish(hub, 1, 2, 3, 4)

    assert numbers(await tap.next(1)) == [2, 4]
    assert await tap.next(0.01) == []
    hub.close_tap(tap)
    await publish(hub, 6)
    assert await tap.next(0.01) == []


async def test_consumer_that_comes_back_gets_what_it_missed(hub: EventHub) -> None:
    """By the id of the last event it had, in the order of their coming."""
    first = hub.open_tap(anything)
    await publish(hub, 1, 2, 3)
    last = (await first.next(1))[0].id

    again = hub.open_tap(anything, last)

    assert numbers(await again.next(1)) == [2, 3]
    assert not again.missed


async def test_consumer_that_was_away_too_long_is_told_so(hub: EventHub) -> None:
    """An id that is not remembered may stand before events that are forgotten."""
    await publish(hub, 1, 2)

    tap = hub.open_tap(anything, "01000000-0000-7000-8000-000000000000")

    assert tap.missed
    assert numbers(await tap.next(1)) == [1, 2]


async def test_memory_is_bounded_in_events_and_in_bytes(
    hub: EventHub, lines: Lines
) -> None:
    """The oldest go."""
    del lines
    source = hub.open_tap(anything)
    await publish(hub, *range(10))
    parcels = await source.next(1)
    by_count, by_size = Memory(most=3), Memory(most_bytes=20)
    for parcel in parcels:
        by_count.add(parcel)
        by_size.add(parcel)
    assert numbers(by_count.newest(anything, 9)) == [9, 8, 7]
    assert numbers(by_size.newest(anything, 9)) == [9, 8]
    assert numbers(by_count.newest(anything, 1)) == [9]


async def test_slow_consumer_is_cut_with_a_word(hub: EventHub) -> None:
    """Its queue is bounded; the stream's last event says why it ends."""
    tap = hub.open_tap(anything)
    stream = tell(tap)
    await anext(stream)
    await publish(hub, *range(4_001))

    text = b"".join([part async for part in stream])

    assert events(text) == [
        (
            "end",
            {
                "reason": "slow",
                "why": "too many events waited for you: read faster, "
                "or ask for fewer names",
            },
        )
    ]


async def test_stream_ends_when_the_host_stops(hub: EventHub) -> None:
    """What came before is still told."""
    tap = hub.open_tap(anything)
    await publish(hub, 1)
    hub.end_taps("stop")

    text = b"".join([part async for part in tell(tap, {"now": 0})])

    names = [name for name, _ in events(text)]
    assert names == ["first", "meter.read", "end"]
    assert text.startswith(b"retry: 2000\n\n")
    told = events(text)[1][1]
    assert told["name"] == "meter.read"
    assert told["data"] == {"n": 1}
    assert b"\nid: " + told["id"].encode() + b"\n" in text


async def test_stream_is_renewed_after_its_time(hub: EventHub) -> None:
    """So that a token that was revoked meanwhile shows nothing more."""
    tap = hub.open_tap(anything)

    text = b"".join([part async for part in tell(tap, longest=0.02)])

    assert [data["reason"] for _, data in events(text)] == ["renew"]


async def test_lost_connection_is_told_to_consumers(hub: EventHub) -> None:
    """What other processes told meanwhile is lost; the first listening loses none."""
    tap = hub.open_tap(anything)
    hub._listening()
    assert not tap.missed
    hub._listening()
    stream = tell(tap)
    await anext(stream)

    assert events(await anext(stream))[0][0] == "missed"
    await stream.aclose()


async def test_tap_takes_nothing_after_its_end(hub: EventHub) -> None:
    """The first reason stands."""
    tap = Tap(anything)
    tap.end("stop")
    tap.end("slow")
    source = hub.open_tap(anything)
    await publish(hub, 1)
    tap.offer((await source.next(1))[0])
    assert await tap.next(1) == []
    assert tap.ended == "stop"
