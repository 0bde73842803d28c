"""What became of events in this process, by plugin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Literal, TypeAlias, get_args

__all__ = ["EventCounts", "Fate"]

#: Of a producer: `published`, `refused` (by the hub), `lost` (on the way to other
#: processes). Of a subscriber: `delivered`, `failed`, `dropped` (it was too slow).
Fate: TypeAlias = Literal[
    "published", "refused", "lost", "delivered", "failed", "dropped"
]


class EventCounts:
    """Counts since this process began."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, Fate]] = Counter()

    def __iter__(self) -> Iterator[tuple[str, Fate, int]]:
        for (plugin, fate), count in sorted(self._counts.items()):
            yield plugin, fate, count

    def add(self, plugin: str, fate: Fate, count: int = 1) -> None:
        """Count some."""
        self._counts[plugin, fate] += count

    def of(self, plugin: str) -> dict[Fate, int]:
        """Every count of one plugin."""
        return {fate: self._counts[plugin, fate] for fate in get_args(Fate)}
