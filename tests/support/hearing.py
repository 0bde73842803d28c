"""What tests of events say things with, and who hears them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from nxforge_core.api import Event

__all__ = ["Lines", "Told"]


class Lines:
    """A log that keeps its lines, and a database that keeps what is notified."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, dict[str, Any]]] = []
        self.payloads: list[str] = []
        self.stored = 0
        self.away: Exception | None = None

    def debug(self, event: str, **facts: Any) -> None:
        """Keep it."""
        self.lines.append((event, facts))

    info = warning = error = exception = debug

    async def execute(self, sql: str, first: Any = None, *_: object) -> str:
        """Keep what is notified, unless it is away."""
        if self.away is not None:
            raise self.away
        if "as payload" in sql:
            self.payloads += first
        elif "event_outbox" in sql:
            self.payloads.append(first)
        elif "store_event" in sql:
            self.stored += len(first)
        return "SELECT"

    async def fetch(self, _sql: str, *_: object) -> list[Any]:
        """Nobody subscribed durably."""
        return []

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Lines]:
        """One of them."""
        yield self

    def said(self, word: str) -> list[dict[str, Any]]:
        """The facts of all lines with this word."""
        return [facts for event, facts in self.lines if event == word]


class Told:
    """A handler that remembers, and can be held up or made to fail."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.go = asyncio.Event()
        self.go.set()
        self.error: BaseException | None = None

    async def __call__(self, _ctx: object, event: Event) -> None:
        """Remember the event."""
        await self.go.wait()
        self.events.append(event)
        if self.error is not None:
            raise self.error
