"""A small memory of recent answers: bounded in size and in age."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

__all__ = ["Recent"]

V = TypeVar("V")


class Recent(Generic[V]):
    """Values that are forgotten after a time; the oldest goes first when it is full.

    Attributes:
        cleared: How often everything was forgotten.

    Args:
        ttl: Seconds a value is remembered.
        size: Values at the most.
        monotonic: A clock that never goes back, in seconds.
    """

    def __init__(self, ttl: float, size: int, monotonic: Callable[[], float]) -> None:
        self.cleared = 0
        self._ttl = ttl
        self._size = size
        self._monotonic = monotonic
        self._held: dict[bytes, tuple[float, V]] = {}

    def __len__(self) -> int:
        return len(self._held)

    def get(self, key: bytes) -> V | None:
        """What was put, or None if it is too old or gone."""
        held = self._held.get(key)
        if held is None or held[0] <= self._monotonic():
            return None
        return held[1]

    def put(self, key: bytes, value: V, cleared: int | None = None) -> None:
        """Remember a value from now on.

        Args:
            key: Of what was asked for.
            value: The answer.
            cleared: As it was when the answer was asked for: one from before everything
                was forgotten is not remembered.
        """
        if cleared not in (None, self.cleared):
            return
        self._held.pop(key, None)
        if len(self._held) >= self._size:
            # Dictionaries keep the order of insertion: the first is the oldest.
            del self._held[next(iter(self._held))]
        self._held[key] = (self._monotonic() + self._ttl, value)

    def clear(self) -> None:
        """Forget everything."""
        self.cleared += 1
        self._held.clear()
