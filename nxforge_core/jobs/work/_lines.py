"""The log of one attempt on its way to the database: batched and bounded."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import datetime
from typing import Final, Protocol

import msgspec

from nxforge_core.jobs._plain import json_text, storable_text
from nxforge_core.services import LogLine

__all__ = ["MOST_LINES", "LineStore", "RunLines", "StoredLine"]

#: Lines kept of one run; past it the oldest middle goes.
MOST_LINES: Final = 10_000
_MOST_EVENT: Final = 2_000
_MOST_FACTS: Final = 16_000


class StoredLine(msgspec.Struct, frozen=True):
    """One row of the log; `facts` is JSON text."""

    line: int
    at: datetime
    level: str
    event: str
    facts: str


class LineStore(Protocol):
    """Where lines and progress of the attempt go."""

    async def store_lines(self, lines: Sequence[StoredLine]) -> None:
        """Add lines."""
        ...

    async def cut_lines(self, above: int, up_to: int) -> None:
        """Remove the lines whose number is above the one and up to the other."""
        ...

    async def store_progress(self, progress: str) -> None:
        """Replace the progress, JSON text."""
        ...


class RunLines:
    """Lines of one attempt, numbered on from those of earlier attempts.

    Args:
        store: Told in batches.
        last: Number of the run's last stored line.
        most: Lines kept of the whole run.
    """

    def __init__(self, store: LineStore, last: int, most: int = MOST_LINES) -> None:
        self._store = store
        self._head = most // 2
        self._last = last
        self._first: list[tuple[int, LogLine]] = []
        # A flood between two batches is cut here: what falls out is middle anyway.
        self._newest: deque[tuple[int, LogLine]] = deque(maxlen=most - self._head)
        self._progress: str | None = None
        self._cut_up_to = self._head

    def add(self, line: LogLine) -> None:
        """Take a line; quick, and safe from any thread of the attempt."""
        self._last += 1
        kept = self._first if self._last <= self._head else self._newest
        kept.append((self._last, line))

    async def report(self, done: int, total: int, text: str) -> None:
        """Take the progress; the next batch stores the latest one."""
        progress = {"done": done, "total": total, "text": storable_text(text)}
        self._progress = json_text(progress)

    async def flush(self) -> None:
        """Store what is there; it is kept for the next time when that fails."""
        if (progress := self._progress) is not None:
            await self._store.store_progress(progress)
            if self._progress is progress:
                self._progress = None
        batch = [*self._first, *self._newest]
        if not batch:
            return
        await self._store.store_lines([_stored(*entry) for entry in batch])
        self._forget(batch[-1][0])
        await self._cut_middle()

    def _forget(self, up_to: int) -> None:
        self._first = [entry for entry in self._first if entry[0] > up_to]
        while self._newest and self._newest[0][0] <= up_to:
            self._newest.popleft()

    async def _cut_middle(self) -> None:
        assert self._newest.maxlen is not None  # noqa: S101 - set above, for mypy
        up_to = self._last - self._newest.maxlen
        if up_to > self._cut_up_to:
            await self._store.cut_lines(self._head, up_to)
            self._cut_up_to = up_to


def _stored(number: int, line: LogLine) -> StoredLine:
    facts = json_text(line.facts)
    if len(facts) > _MOST_FACTS:
        facts = json_text({"tooLarge": len(facts), "begin": facts[:1000]})
    event = storable_text(line.event[:_MOST_EVENT])
    return StoredLine(number, line.at, line.level, event, facts)
