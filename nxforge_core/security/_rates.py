"""How often each of many may do something: arithmetic on a monotonic clock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

__all__ = ["Rates"]

#: Rates may be asked for that many seconds' worth at once.
_BURST: Final = 10.0


class Rates:
    """A bucket for each key that fills at a steady rate and holds ten seconds' worth.

    Kept is one number for a key: when its bucket will be full again. A key that was
    not seen for so long is forgotten without loss; of too many keys the one that was
    seen least recently goes first.

    Args:
        rate: Per second; 0 refuses nothing.
        monotonic: A clock that never goes back, in seconds.
        size: Keys at the most.
    """

    def __init__(
        self, rate: float, monotonic: Callable[[], float], size: int = 10_000
    ) -> None:
        self._cost = 1.0 / rate if rate else 0.0
        # Whoever may do less than one in ten seconds may still do the first at once.
        self._room = max(_BURST, self._cost)
        self._monotonic = monotonic
        self._size = size
        self._full: dict[object, float] = {}

    def __len__(self) -> int:
        return len(self._full)

    def wait(self, key: object) -> float:
        """Seconds until one more is let through; 0 is now."""
        if not self._cost:
            return 0.0
        now = self._monotonic()
        full = max(self._full.get(key, now), now)
        return max(0.0, full + self._cost - now - self._room)

    def spend(self, key: object) -> float:
        """Take one if it is let through, else none; the seconds to wait, as `wait`."""
        if not self._cost:
            return 0.0
        now = self._monotonic()
        full = max(self._full.pop(key, now), now)
        over = full + self._cost - now - self._room
        self._full[key] = full if over > 0 else full + self._cost
        if len(self._full) > self._size:
            del self._full[next(iter(self._full))]
        return max(0.0, over)
