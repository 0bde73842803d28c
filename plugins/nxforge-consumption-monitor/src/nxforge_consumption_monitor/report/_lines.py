"""The lines of a month: one for each channel, compared with other months."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from nxforge_consumption_monitor.models import (
    Comparison,
    MonthAdjustment,
    MonthLine,
    plain,
)
from nxforge_consumption_monitor.register import (
    Span,
    span_of,
)
from nxforge_consumption_monitor.store import (
    ChannelEnd,
    Member,
    MonthRollup,
    locked_in_month,
    month_adjustments,
    months_at,
)
from nxforge_core.api import Connection

from ._beside import change_percent, months_beside
from ._forecast import ends_of_open, forecast_of

__all__ = ["month_lines"]

_TWO: Final = Decimal("0.01")
_FOUR: Final = Decimal("0.0001")
_ZERO: Final = Decimal(0)
_MAIN: Final = ("total",)

_Key = tuple[str, str, date]


async def month_lines(
    connection: Connection, wanted: Sequence[tuple[Member, date]]
) -> list[MonthLine]:
    """Every channel of each endpoint in its month, the main channel first.

    Args:
        connection: Any.
        wanted: Endpoints, each once, with the first day of a month of its zone.

    Returns:
        The lines in the order asked. An endpoint of which nothing is stored has the
        line of its main channel, without energy.
    """
    spans = _spans(wanted)
    stored = await _stored(connection, wanted, spans)
    booked = await _booked(connection, wanted)
    locked = await _locked(connection, wanted)
    channels = _channels(stored)
    ends = await ends_of_open(connection, stored.values())
    return [
        _Line(member, spans[member.tz, first], stored, booked, ends).line(
            first, channel, locked=member.id in locked
        )
        for member, first in wanted
        for channel in channels.get((member.id, first), _MAIN)
    ]


def _spans(wanted: Sequence[tuple[Member, date]]) -> dict[tuple[str, date], Span]:
    """The months that are read, by zone and first day."""
    return {
        (tz, day): span_of("month", day, ZoneInfo(tz))
        for tz, first in {(member.tz, first) for member, first in wanted}
        for day in (first, *months_beside(first).values())
    }


def _channels(
    stored: Mapping[_Key, MonthRollup],
) -> dict[tuple[str, date], Sequence[str]]:
    found: dict[tuple[str, date], list[str]] = {}
    for who, channel, first in stored:
        found.setdefault((who, first), []).append(channel)
    return {
        key: each if _MAIN[0] in each else [*_MAIN, *each]
        for key, each in found.items()
    }


async def _stored(
    connection: Connection,
    wanted: Sequence[tuple[Member, date]],
    spans: Mapping[tuple[str, date], Span],
) -> dict[_Key, MonthRollup]:
    days = {
        (member.id, spans[member.tz, day].start): day
        for member, first in wanted
        for day in (first, *months_beside(first).values())
    }
    ids = [member.id for member, _ in wanted]
    starts = sorted({start for _, start in days})
    return {
        (row.endpoint_id, row.channel, days[row.endpoint_id, row.start_ts]): row
        for row in await months_at(connection, ids, starts)
        # A month of another zone, which the endpoint had before, is none of these.
        if (row.endpoint_id, row.start_ts) in days
    }


async def _booked(
    connection: Connection, wanted: Sequence[tuple[Member, date]]
) -> dict[tuple[str, str], list[MonthAdjustment]]:
    found: dict[tuple[str, str], list[MonthAdjustment]] = {}
    for first in {first for _, first in wanted}:
        ids = [member.id for member, month in wanted if month == first]
        for each in await month_adjustments(connection, ids, first):
            line = MonthAdjustment(month=each.month, energy_kwh=plain(each.energy_kwh))
            found.setdefault((each.endpoint_id, each.channel), []).append(line)
    return found


async def _locked(
    connection: Connection, wanted: Sequence[tuple[Member, date]]
) -> set[str]:
    found: set[str] = set()
    for first in {first for _, first in wanted}:
        ids = [member.id for member, month in wanted if month == first]
        found |= await locked_in_month(connection, ids, first)
    return found


class _Line:
    """What the lines of one endpoint are made of."""

    def __init__(
        self,
        member: Member,
        span: Span,
        stored: Mapping[_Key, MonthRollup],
        booked: Mapping[tuple[str, str], list[MonthAdjustment]],
        ends: Mapping[tuple[str, str], ChannelEnd],
    ) -> None:
        self.member = member
        self.span = span
        self.hours = span.hours
        self.stored = stored
        self.booked = booked
        self.ends = ends

    def line(self, first: date, channel: str, *, locked: bool) -> MonthLine:
        member, row = self.member, self._row(first, channel)
        booked = self.booked.get((member.id, channel), [])
        energy, estimated = plain(row.energy_kwh), plain(row.estimated_kwh)
        return MonthLine(
            **_who(member),
            channel=row.channel,
            start=self.span.start,
            end=self.span.end,
            hours=plain(self.hours),
            energy_kwh=energy,
            estimated_kwh=estimated,
            estimated_percent=_percent(estimated, energy),
            start_register=plain(row.start_register),
            end_register=plain(row.end_register),
            start_quality=row.start_quality,
            end_quality=row.end_quality,
            quality=_quality(row),
            avg_kw=plain(row.avg_kw),
            peak_kw_15m=plain(row.peak_kw_15m),
            peak_at=row.peak_at,
            peak_kw_sample=plain(row.peak_kw_sample),
            min_kw=plain(row.min_kw),
            load_factor=_load_factor(row),
            readings=row.readings,
            expected=row.expected,
            coverage=plain(row.coverage),
            events=row.events,
            revision=row.revision,
            is_open=not row.closed,
            locked=locked,
            adjustments=booked,
            billed_kwh=_billed(energy, booked),
            comparisons=self._comparisons(first, channel, energy),
            forecast_kwh=forecast_of(row, self.ends, self.span),
        )

    def _row(self, first: date, channel: str) -> MonthRollup:
        found = self.stored.get((self.member.id, channel, first))
        return found or _unknown(self.member, channel, self.span)

    def _comparisons(
        self, first: date, channel: str, mine: Decimal | None
    ) -> list[Comparison]:
        return [
            self._compared(name, mine, self.stored.get((self.member.id, channel, day)))
            for name, day in months_beside(first).items()
        ]

    def _compared(
        self, name: str, mine: Decimal | None, other: MonthRollup | None
    ) -> Comparison:
        energy = other.energy_kwh if other else None
        change = per_hour = None
        if other and mine is not None and energy:
            change = change_percent(mine, energy)
            length = Span(other.start_ts, other.end_ts).hours
            per_hour = change_percent(mine * length / self.hours, energy)
        return Comparison(
            with_=name,
            energy_kwh=plain(energy),
            change_percent=change,
            change_percent_per_hour=per_hour,
        )


def _who(member: Member) -> dict[str, Any]:
    return {
        "endpoint_id": member.id,
        "endpoint_name": member.name,
        "client_name": member.client_name,
        "location": member.location,
        "external_ref": member.external_ref,
        "tz": member.tz,
    }


def _unknown(member: Member, channel: str, span: Span) -> MonthRollup:
    """A month of which nothing is stored: nothing in it is zero but the counts."""
    interval = timedelta(seconds=member.interval_s)
    return MonthRollup(
        endpoint_id=member.id,
        channel=channel,
        start_ts=span.start,
        end_ts=span.end,
        readings=0,
        expected=max(round((span.end - span.start) / interval), 1),
        coverage=_ZERO,
        events=0,
        closed=False,
        revision=0,
    )


def _billed(
    energy: Decimal | None, booked: Sequence[MonthAdjustment]
) -> Decimal | None:
    if energy is None:
        return None
    return plain(sum((each.energy_kwh for each in booked), energy))


def _percent(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    return (
        plain((part * 100 / whole).quantize(_TWO))
        if part is not None and whole
        else None
    )


def _quality(row: MonthRollup) -> str | None:
    if row.energy_kwh is None:
        return None
    return row.start_quality if row.start_quality == row.end_quality else "mixed"


def _load_factor(row: MonthRollup) -> Decimal | None:
    if row.avg_kw is None or not row.peak_kw_15m:
        return None
    return plain((row.avg_kw / row.peak_kw_15m).quantize(_FOUR))
