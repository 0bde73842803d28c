"""Polling many endpoints: each host one thing at a time, all hosts in turn."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from typing import Final

from nxforge_consumption_monitor.fetch import Pages
from nxforge_consumption_monitor.models import DueEndpoint
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import JobContext

from ._poll import Poll, poll

__all__ = ["Room", "Turns"]

_Context = JobContext[MonitorSettings]

#: Seconds within which a run starts polls. Whoever did not get a turn stays due, and
#: is first in a later round.
_STARTS: Final = 60.0


class Room:
    """What all runs of a process share.

    Attributes:
        places: For polls at the same time.
        pages: Fetches, and keeps logins.
        reading: One page at a time is read.
    """

    def __init__(self, places: int, pages: Pages) -> None:
        self.places = asyncio.Semaphore(places)
        self._size = places
        self.pages = pages
        self.reading = asyncio.Lock()

    def fit(self, places: int) -> None:
        """Have so many places from now on; polls under way keep theirs."""
        if places != self._size:
            self.places, self._size = asyncio.Semaphore(places), places


class Turns:
    """The polls of one run.

    A host that has more endpoints queues up again behind the others after each one,
    so a slow host takes up one place and holds up no other.

    Args:
        room: Shared with other runs.
    """

    def __init__(self, ctx: _Context, due: Iterable[DueEndpoint], room: Room) -> None:
        hosts: dict[str, deque[DueEndpoint]] = {}
        for endpoint in due:
            hosts.setdefault(endpoint.host, deque()).append(endpoint)
        self._ctx = ctx
        self._hosts = deque(hosts.values())
        self._room = room
        self._last_start = ctx.clock.monotonic() + _STARTS

    async def take(
        self, concurrency: int, done: Callable[[DueEndpoint, Poll], None]
    ) -> list[str]:
        """Poll, and hand over each poll as it ends.

        Returns:
            Ids of the endpoints that got no turn in time.
        """
        async with asyncio.TaskGroup() as group:
            for _ in range(min(concurrency, len(self._hosts))):
                group.create_task(self._work(done))
        return [endpoint.id for host in self._hosts for endpoint in host]

    async def _work(self, done: Callable[[DueEndpoint, Poll], None]) -> None:
        while self._hosts:
            host = self._hosts.popleft()
            async with self._room.places:
                if self._ctx.clock.monotonic() > self._last_start:
                    self._hosts.append(host)
                    return
                endpoint = host.popleft()
                room = self._room
                done(
                    endpoint, await poll(endpoint, self._ctx, room.pages, room.reading)
                )
            if host:
                self._hosts.append(host)
