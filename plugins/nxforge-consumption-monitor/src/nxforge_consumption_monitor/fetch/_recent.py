"""The last things used, in a bounded room."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

__all__ = ["Recent"]

T = TypeVar("T")


class Recent(Generic[T]):
    """Keeps what was used last and forgets what was not used for longest.

    Args:
        room: What all of them may weigh together.
        weigh: Weight of one; by default 1.
    """

    def __init__(self, room: int, weigh: Callable[[T], int] = lambda _: 1) -> None:
        self._room = room
        self._weigh = weigh
        self._kept: OrderedDict[str, T] = OrderedDict()
        self._weight = 0

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: str) -> T | None:
        """What is kept under this key."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def put(self, key: str, thing: T) -> None:
        """Keep it, in place of what is kept under this key."""
        self.drop(key)
        self._kept[key] = thing
        self._weight += self._weigh(thing)
        while self._weight > self._room:
            _, oldest = self._kept.popitem(last=False)
            self._weight -= self._weigh(oldest)

    def drop(self, key: str) -> None:
        """Forget it."""
        gone = self._kept.pop(key, None)
        if gone is not None:
            self._weight -= self._weigh(gone)
