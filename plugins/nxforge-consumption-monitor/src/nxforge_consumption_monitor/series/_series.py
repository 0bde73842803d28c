"""Series of endpoints: readings where they are few, else what is kept of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from nxforge_consumption_monitor.models import (
    EndpointSeries,
    EnergySeries,
    Gap,
    PowerSeries,
    Series,
    UnknownEndpointError,
)
from nxforge_consumption_monitor.register import Cadence, Point, Span
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store import UnknownGroupError, report_group
from nxforge_core.api import Connection, InvalidInputError, PluginContext

from ._ask import Asked, SeriesQuery, decode_series
from ._columns import (
    PointColumns,
    SeriesEndpoint,
    energy_columns,
    point_after,
    point_before,
    point_columns,
    power_columns,
    series_endpoints,
)
from ._energy import quarter_energy, stored_energy
from ._gaps import gaps_beside, gaps_between
from ._power import (
    hours_power,
    hours_width,
    kept_power,
    readings_power,
    with_power,
)

__all__ = ["series"]

#: Of one channel: decoding and choosing among more would hold up other requests.
_MOST_READINGS: Final = 20_000
_MOST_ENDPOINTS: Final = 20
_HOUR: Final = timedelta(hours=1)


async def series(ctx: PluginContext[MonitorSettings], query: SeriesQuery) -> Series:
    """Power and energy of endpoints over time.

    Raises:
        InvalidInputError: a text of the query is not what it should be.
        UnknownItemError: an endpoint or the group is not known.
    """
    now = ctx.clock.now()
    asked = decode_series(query, now, ZoneInfo(ctx.settings.time_zone))
    endpoints = await _endpoints(ctx.db, asked)
    kept_since = now - timedelta(days=ctx.settings.retention_days)
    return Series(
        from_=asked.span.start,
        to=asked.span.end,
        grain=asked.grain,
        points=asked.points,
        series=[
            await _Channel(ctx.db, each, asked, now).series(kept_since)
            for each in endpoints
        ],
    )


async def _endpoints(connection: Connection, asked: Asked) -> list[SeriesEndpoint]:
    found = await series_endpoints(
        connection, asked.endpoint_ids, asked.group_id, _MOST_ENDPOINTS + 1
    )
    if len(found) > _MOST_ENDPOINTS:
        raise InvalidInputError(
            field="endpointId",
            value=len(found),
            remedy=f"ask for {_MOST_ENDPOINTS} endpoints at the most",
        )
    group = asked.group_id
    if group is not None and await report_group(connection, group) is None:
        raise UnknownGroupError(group)
    known = {each.id for each in found}
    for endpoint_id in asked.endpoint_ids or []:
        if endpoint_id not in known:
            raise UnknownEndpointError(endpoint_id)
    return found


class _Readings(msgspec.Struct, frozen=True):
    """What was read of a channel."""

    columns: PointColumns
    points: list[Point]


class _Channel:
    """One channel of one endpoint in the span that was asked for."""

    def __init__(
        self,
        connection: Connection,
        endpoint: SeriesEndpoint,
        asked: Asked,
        now: datetime,
    ) -> None:
        self.connection = connection
        self.endpoint = endpoint
        self.asked = asked
        self.now = now
        self.key = endpoint.id, asked.channel
        gap = endpoint.gap_after_s
        self.cadence = Cadence(
            timedelta(seconds=endpoint.interval_s),
            None if gap is None else timedelta(seconds=gap),
        )
        # What has not been yet is no gap.
        end = max(min(asked.span.end, now), asked.span.start)
        self.past = Span(asked.span.start, end)

    async def series(self, kept_since: datetime) -> EndpointSeries:
        read = await self._read() if self._reads(kept_since) else None
        power = gaps = None
        if "power" in self.asked.fields:
            power, gaps = await self._power(read)
        energy = await self._energy(read) if "energy" in self.asked.fields else None
        if gaps is None:
            gaps = self._energy_gaps(energy)
        return EndpointSeries(
            endpoint_id=self.endpoint.id,
            endpoint_name=self.endpoint.name,
            channel=self.asked.channel,
            tz=self.endpoint.tz,
            power=power,
            energy=energy,
            gaps=gaps,
        )

    def _reads(self, kept_since: datetime) -> bool:
        """Whether readings are looked at; they may be too many, or deleted."""
        expected = (self.past.end - self.past.start) / self.cadence.interval
        if self.asked.method == "lttb" and expected > _MOST_READINGS:
            raise InvalidInputError(
                field="power",
                value="lttb",
                remedy=f"it chooses among {_MOST_READINGS} readings at the most and "
                f"there may be {expected:.0f}: ask for less time, or for minmax",
            )
        few = expected <= _MOST_READINGS and self.past.start >= kept_since
        return few or self.asked.method == "lttb"

    async def _read(self) -> _Readings | None:
        """The readings; None where they are deleted, or far more than expected."""
        span, most = self.asked.span, 2 * _MOST_READINGS
        columns = await point_columns(
            self.connection, self.key, span.start, span.end, most
        )
        if not 0 < len(columns.ts) < most:
            return None
        pairs = zip(columns.ts, columns.kwh, strict=True)
        points = [Point(ts, kwh) for ts, kwh in pairs if kwh is not None]
        if self.asked.grain == "15m":
            before = await point_before(self.connection, self.key, span.start)
            after = await point_after(self.connection, self.key, span.end)
            points = [
                *([Point(*before)] if before else []),
                *points,
                *([Point(*after)] if after else []),
            ]
        return _Readings(columns, points)

    async def _power(self, read: _Readings | None) -> tuple[PowerSeries, list[Gap]]:
        count, longest = self.asked.points, self.cadence.longest
        if read is None:
            return await self._hours_power()
        samples = with_power(read.columns, longest)
        gaps = gaps_between(read.columns.ts, longest, self.past)
        if self.asked.method == "minmax":
            return readings_power(samples, self.asked.span, count), gaps
        return kept_power(samples, longest, count), gaps

    async def _hours_power(self) -> tuple[PowerSeries, list[Gap]]:
        span, width = self.asked.span, hours_width(self.asked.span, self.asked.points)
        low = span.start.replace(minute=0, second=0, microsecond=0)
        found = await power_columns(self.connection, self.key, low, span.end, width)
        step = timedelta(seconds=width)
        known = [
            Span(ts, ts + step)
            for ts, covered in zip(found.ts, found.covered, strict=True)
            if covered
        ]
        return hours_power(found, width), gaps_beside(known, self.past)

    async def _energy(self, read: _Readings | None) -> EnergySeries:
        asked = self.asked
        if asked.grain == "15m" and read is not None:
            return quarter_energy(read.points, asked.span, self.cadence, self.now)
        grain = "hour" if asked.grain == "15m" else asked.grain
        found = await energy_columns(
            self.connection, self.key, grain, asked.span.start, asked.span.end
        )
        return stored_energy(found, grain)

    def _energy_gaps(self, energy: EnergySeries | None) -> list[Gap]:
        if energy is None:
            return []
        spans = zip(energy.start, energy.end, energy.coverage, strict=True)
        known = [Span(start, end) for start, end, covered in spans if covered]
        return gaps_beside(known, self.past)
