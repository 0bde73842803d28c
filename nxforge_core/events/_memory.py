"""The newest events, for whoever comes back."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from itertools import islice
from typing import Final

from ._parcel import Parcel

__all__ = ["Memory", "Wanted"]

Wanted = Callable[[Parcel], bool]

_MOST: Final = 2_000
_MOST_BYTES: Final = 4_000_000


class Memory:
    """Events of the whole installation, as this process heard them; bounded.

    Args:
        most: Events at the most.
        most_bytes: Bytes of their data at the most.
    """

    def __init__(self, most: int = _MOST, most_bytes: int = _MOST_BYTES) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._kept: deque[Parcel] = deque()
        self._bytes = 0

    def add(self, parcel: Parcel) -> None:
        """Keep an event; the oldest go."""
        self._kept.append(parcel)
        self._bytes += parcel.size
        while len(self._kept) > self._most or self._bytes > self._most_bytes:
            self._bytes -= self._kept.popleft().size

    def after(self, last: str) -> tuple[list[Parcel], bool]:
        """What came after an event, and whether that is known to be all of it."""
        kept = list(self._kept)
        for number in range(len(kept) - 1, -1, -1):
            if kept[number].id == last:
                return kept[number + 1 :], True
        return [parcel for parcel in kept if parcel.id > last], False

    def newest(self, wanted: Wanted, most: int) -> list[Parcel]:
        """The newest that are wanted, newest first."""
        return list(islice(filter(wanted, reversed(self._kept)), most))
