"""Events of the hub as server-sent events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Final
from uuid import UUID

import msgspec

from nxforge_core.events import EventHub, Parcel, Tap, Wanted

from ._streams import LiveStreams, StreamAnswer

__all__ = [
    "ALIVE",
    "ENCODE",
    "FIRST",
    "LONGEST",
    "SILENT",
    "frame",
    "open_stream",
    "tell",
]

#: Seconds of silence after which a comment keeps proxies from hanging up.
SILENT: Final = 15.0
#: Seconds after which the consumer has to come again, with leave that still holds.
LONGEST: Final = 900.0
#: What a stream begins with: how long to wait before coming again.
FIRST: Final = b"retry: 2000\n\n"
#: Says nothing; it keeps the stream from looking dead.
ALIVE: Final = b": still here\n\n"
#: As JSON, with decimals as numbers.
ENCODE: Final = msgspec.json.Encoder(decimal_format="number").encode
_MISSED: Final = {"why": "events before this one may be missing: ask for what is now"}
_WHY: Final = {
    "stop": "the host stops: come again in a moment",
    "slow": "too many events waited for you: read faster, or ask for fewer names",
    "renew": "come again, with the id of the last event",
}


def open_stream(
    hub: EventHub,
    streams: LiveStreams,
    wanted: Wanted,
    last: str | None = None,
    first: object = None,
) -> StreamAnswer:
    """Answer with events until the client goes or the host stops.

    Args:
        hub: Where they come from.
        streams: Where it is counted.
        wanted: Which ones.
        last: Of the header `Last-Event-ID`.
        first: What a client that comes for the first time is told before.

    Raises:
        TooManyStreamsError: as many are open as may be.
    """
    streams.admit()
    tap = hub.open_tap(wanted, _known(last))

    def left() -> None:
        hub.close_tap(tap)
        streams.leave()

    told = None if last is not None and not tap.missed else first
    return StreamAnswer(tell(tap, told), left)


async def tell(
    tap: Tap, first: object = None, longest: float = LONGEST
) -> AsyncGenerator[bytes, None]:
    """The bytes of a stream, until the tap ends or `longest` seconds are over."""
    clock = asyncio.get_running_loop().time
    end = clock() + longest
    yield FIRST
    if first is not None:
        yield frame("first", ENCODE(first))
    while True:
        parcels = await tap.next(min(SILENT, max(end - clock(), 0.0)))
        if tap.missed:
            tap.missed = False
            yield frame("missed", ENCODE(_MISSED))
        if parcels:
            yield b"".join(map(_text, parcels))
        why = tap.ended or ("renew" if clock() >= end else "")
        if why:
            yield frame("end", ENCODE({"reason": why, "why": _WHY[why]}))
            return
        if not parcels:
            yield ALIVE


def _text(parcel: Parcel) -> bytes:
    return b"id: %s\n" % parcel.id.encode() + frame(parcel.name, parcel.shown())


def frame(name: str, data: bytes) -> bytes:
    """One event of a stream; JSON as it is written here has no line breaks."""
    return b"event: %s\ndata: %s\n\n" % (name.encode(), data)


def _known(last: str | None) -> str | None:
    """An id as events have them; before all of them where it is no such id."""
    if last is None:
        return None
    try:
        return str(UUID(last))
    except ValueError:
        return ""
