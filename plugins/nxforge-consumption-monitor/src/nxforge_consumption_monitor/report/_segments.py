"""The registers of a month as the meters showed them, cut where one began anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

import msgspec
from msgspec.structs import replace

from nxforge_consumption_monitor.models import MonthLine, MonthSegment, plain
from nxforge_consumption_monitor.store import Member
from nxforge_core.api import Connection

from ._evidence import (
    Around,
    Break,
    MeterThere,
    around,
    breaks_between,
    meters_between,
)

__all__ = ["with_evidence"]

_JUST: Final = timedelta(microseconds=1)
_ONE: Final = Decimal(1)

_Key = tuple[str, str]


class _Cut(msgspec.Struct, frozen=True):
    """A break with the readings around it."""

    at: Break
    around: Around


async def with_evidence(
    connection: Connection, lines: Sequence[MonthLine], members: Mapping[str, Member]
) -> list[MonthLine]:
    """The lines with their segments, meters and the nearest readings at both ends.

    Args:
        connection: Any.
        lines: Of one month.
        members: Their endpoints by id.
    """
    if not lines:
        return []
    ids = sorted({line.endpoint_id for line in lines})
    low, high = min(each.start for each in lines), max(each.end for each in lines)
    meters = await meters_between(connection, ids, low, high)
    broken = sorted({line.endpoint_id for line in lines if line.events})
    breaks = await breaks_between(connection, broken, low, high) if broken else []
    ends = [(each.endpoint_id, each.channel, each.start) for each in lines]
    ends += [(each.endpoint_id, each.channel, each.end) for each in lines]
    cuts = [(each.endpoint_id, each.channel, each.ts - _JUST) for each in breaks]
    found = await around(connection, [*ends, *cuts])
    starts, stops, others = (
        found[: len(lines)],
        found[len(lines) : len(ends)],
        found[len(ends) :],
    )
    cuts_of, meters_of = _by_channel(breaks, others, meters)
    return [
        _Evidence(
            line,
            members[line.endpoint_id],
            meters_of.get((line.endpoint_id, line.channel), []),
            cuts_of.get((line.endpoint_id, line.channel), []),
        ).line(start, stop)
        for line, start, stop in zip(lines, starts, stops, strict=True)
    ]


def _by_channel(
    breaks: Sequence[Break], places: Sequence[Around], meters: Sequence[MeterThere]
) -> tuple[dict[_Key, list[_Cut]], dict[_Key, list[MeterThere]]]:
    cuts_of: dict[_Key, list[_Cut]] = {}
    for at, place in zip(breaks, places, strict=True):
        cuts_of.setdefault((at.endpoint_id, at.channel), []).append(_Cut(at, place))
    meters_of: dict[_Key, list[MeterThere]] = {}
    for meter in meters:
        meters_of.setdefault((meter.endpoint_id, meter.channel), []).append(meter)
    return cuts_of, meters_of


class _Evidence:
    """What is known of one line."""

    def __init__(
        self,
        line: MonthLine,
        member: Member,
        meters: Sequence[MeterThere],
        cuts: Sequence[_Cut],
    ) -> None:
        self.bare = line
        self.member = member
        self.meters = meters
        self.cuts = [cut for cut in cuts if line.start <= cut.at.ts < line.end]

    def line(self, start: Around, stop: Around) -> MonthLine:
        serials = [meter.serial for meter in self.meters if meter.serial]
        return replace(
            self.bare,
            certified=self.member.certified,
            meters=list(dict.fromkeys(serials)),
            start_reading_at=start.nearest(self.bare.start),
            end_reading_at=stop.nearest(self.bare.end),
            segments=self._segments(start, stop),
        )

    def _segments(self, start: Around, stop: Around) -> list[MonthSegment]:
        line = self.bare
        if line.start_register is None or line.end_register is None:
            return []
        instants = [line.start, *(cut.at.ts for cut in self.cuts), line.end]
        totals = [line.start_register, *map(self._total, self.cuts), line.end_register]
        shown_first = [
            self._shown(start, line.start_register, instants[0]),
            *(cut.at.new_kwh for cut in self.cuts),
        ]
        shown_last = [
            *(cut.at.old_kwh for cut in self.cuts),
            self._shown(stop, line.end_register, instants[-1] - _JUST),
        ]
        kinds = [None, *(cut.at.type for cut in self.cuts)]
        return [
            MonthSegment(
                start=instants[at],
                end=instants[at + 1],
                serial=self._serial(at, instants),
                began_by=kind,
                start_register=plain(shown_first[at]),
                end_register=plain(shown_last[at]),
                multiplier=plain(self._multiplier(instants[at])),
                energy_kwh=plain(totals[at + 1] - totals[at]),
            )
            for at, kind in enumerate(kinds)
        ]

    def _total(self, cut: _Cut) -> Decimal:
        """U at a break: that of the reading before, and what the old register shows."""
        before, line = cut.around, self.bare
        if before.before_kwh is None or before.before_register is None:
            return line.start_register or Decimal(0)
        more = Decimal(0)
        if cut.at.old_kwh is not None and before.before_ts is not None:
            factor = self._multiplier(before.before_ts)
            more = max(cut.at.old_kwh - before.before_register, more) * factor
        low, high = line.start_register or more, line.end_register or more
        return min(max(before.before_kwh + more, low), high)

    def _shown(self, near: Around, total: Decimal, at: datetime) -> Decimal | None:
        """What the device showed when U was `total`, from the reading before."""
        if near.before_kwh is None or near.before_register is None:
            first = near.after_kwh == total
            return near.after_register if first else None
        shown = near.before_register + (total - near.before_kwh) / self._multiplier(at)
        modulus = self.member.modulus_kwh
        return shown % modulus if modulus and shown >= modulus else shown

    def _multiplier(self, at: datetime) -> Decimal:
        for meter in self.meters:
            if meter.multiplier is not None and meter.was_present(at):
                return meter.multiplier
        return self.member.multiplier or _ONE

    def _serial(self, at: int, instants: Sequence[datetime]) -> str:
        there = [m.serial for m in self.meters if m.was_present(instants[at])]
        return there[0] if there else ""
