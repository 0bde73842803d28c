"""Events on their way: encoded once, opened only for whoever takes them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import msgspec

from nxforge_core.api import Clock, Event

from ._errors import EventDataError

__all__ = ["Notice", "Parcel", "Wrapper", "pack"]

#: Bytes of an event's data at the most: a memory of a thousand events stays small.
MOST_BYTES: Final = 256_000
#: PostgreSQL takes payloads of fewer than 8,000 bytes.
_PAYLOAD: Final = 7_900
_ENCODE: Final = msgspec.json.Encoder(decimal_format="number").encode
_DECODE: Final = msgspec.json.Decoder(dict[str, Any], float_hook=Decimal).decode


class Parcel(msgspec.Struct, frozen=True, array_like=True):
    """One event, its data as the JSON that was published."""

    id: str
    name: str
    source: str
    at: datetime
    data: msgspec.Raw

    @property
    def size(self) -> int:
        """Bytes of its data."""
        return len(memoryview(self.data))

    def open(self) -> Event:
        """The event as subscribers see it."""
        return Event(
            id=self.id,
            name=self.name,
            source=self.source,
            at=self.at,
            data=_DECODE(self.data),
        )

    def shown(self) -> bytes:
        """The event as a JSON object."""
        return _ENCODE(_Shown(self.id, self.name, self.source, self.at, self.data))


class _Shown(msgspec.Struct, frozen=True):
    id: str
    name: str
    source: str
    at: datetime
    data: msgspec.Raw


class Notice(msgspec.Struct, frozen=True, array_like=True):
    """What one notification says.

    Attributes:
        sender: Which hub it comes from; it has told its own process already.
        parcels: Events.
        kept: Ids of events that are too large for a notification.
    """

    sender: str
    parcels: tuple[Parcel, ...] = ()
    kept: tuple[str, ...] = ()


class Wrapper:
    """Makes parcels, each with an id that is greater than the one before."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def wrap(
        self, source: str, name: str, data: Mapping[str, object] | msgspec.Struct
    ) -> Parcel:
        """Encode an event that happens now.

        Raises:
            EventDataError: the data is no JSON object, or too large.
            TypeError, ValueError: it holds what JSON has not.
        """
        raw = _ENCODE(data)
        if not raw.startswith(b"{"):
            what = f"is {type(data).__name__}, not an object with members"
            raise EventDataError(what)
        if len(raw) > MOST_BYTES:
            what = f"has {len(raw)} bytes, and {MOST_BYTES} at the most are carried"
            raise EventDataError(what)
        at = self._clock.now().astimezone(UTC)
        return Parcel(self._identity(at), name, source, at, msgspec.Raw(raw))

    def _identity(self, at: datetime) -> str:
        """A UUID of version 7, as RFC 9562 has it with 12 bits below a millisecond."""
        micros = int(at.timestamp() * 1_000_000)
        millis, rest = divmod(micros, 1_000)
        self._last = stamp = max(self._last + 1, (millis << 12) | (rest * 4096 // 1000))
        head = ((stamp >> 12) << 80) | (0x7 << 76) | ((stamp & 0xFFF) << 64)
        return str(UUID(int=head | (0b10 << 62) | secrets.randbits(62)))


def pack(sender: str, parcels: list[Parcel]) -> tuple[list[str], list[Parcel]]:
    """Payloads of notifications, and the parcels that fit into none of them."""
    head = b'["%s",[' % sender.encode()
    room = left = _PAYLOAD - len(head)
    groups: list[list[bytes]] = [[]]
    large: list[Parcel] = []
    for parcel in parcels:
        text = _ENCODE(parcel)
        if len(text) >= room:
            large.append(parcel)
            continue
        if len(text) >= left:
            groups.append([])
            left = room
        groups[-1].append(text)
        left -= len(text) + 1
    payloads = [(head + b",".join(group) + b"]]").decode() for group in groups if group]
    return payloads, large
