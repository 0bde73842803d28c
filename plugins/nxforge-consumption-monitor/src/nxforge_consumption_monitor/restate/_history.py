"""Reading a channel's history again, a part at a time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Final

from nxforge_consumption_monitor.models import Mend, RollupRow
from nxforge_consumption_monitor.register import RegisterState
from nxforge_consumption_monitor.store import (
    HeldEndpoint,
    Judgement,
    StoredMeter,
    decided_events,
    first_stored,
    history,
    list_meters,
)
from nxforge_core.api import Connection

from ._course import Course, plan_of
from ._replay import Replay
from ._start import Start

__all__ = ["History"]

#: Readings in memory at a time: years of them never are.
_PART: Final = 5_000


class History:
    """One channel from its start to its latest reading.

    Attributes:
        channel: Its name.
        start: Where it begins.
        replay: Of its readings.
        first: When the first stored reading was taken, also one that was taken out;
            None without one.
    """

    def __init__(
        self,
        endpoint: HeldEndpoint,
        channel: str,
        start: Start,
        replay: Replay,
        first: datetime | None,
    ) -> None:
        self._endpoint = endpoint
        self.channel = channel
        self.start = start
        self.replay = replay
        self.first = first

    @classmethod
    async def open(
        cls,
        connection: Connection,
        endpoint: HeldEndpoint,
        channel: str,
        start: Start,
    ) -> History:
        """Read what was decided about the channel."""
        meters = await list_meters(connection, endpoint.id)
        events = await decided_events(connection, endpoint.id, channel)
        course = Course(
            endpoint.id,
            channel,
            plan_of(endpoint.tz, endpoint.interval_s, endpoint.gap_after_s),
            register=RegisterState(),
        )
        replay = Replay(
            endpoint,
            course,
            meters=_of_channel(meters, channel),
            events=[event for event in events if event.ts > start.after],
            judged_after=start.judged_after,
        )
        first = await first_stored(connection, endpoint.id, channel)
        return cls(endpoint, channel, start, replay, first)

    async def parts(
        self, connection: Connection
    ) -> AsyncIterator[tuple[list[Judgement], list[Mend]]]:
        """Go through the readings; yields what changed, in the order to write it."""
        after = self.start.after
        while part := await history(
            connection, self._endpoint.id, self.channel, after, limit=_PART
        ):
            for reading in part:
                self.replay.take(reading)
            after = part[-1].ts
            yield self.replay.drain()
        self.replay.end()
        yield self.replay.drain()

    def rollups(self) -> dict[tuple[str, datetime], RollupRow]:
        """The hours, days and months that came out whole, by grain and start."""
        return {
            (row.grain, row.start_ts): row
            for row in self.replay.course.rollups()
            if row.start_ts >= self.start.floor
        }


def _of_channel(meters: Sequence[StoredMeter], channel: str) -> list[StoredMeter]:
    return [meter for meter in meters if meter.channel == channel]
