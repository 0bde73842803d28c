"""The sum of a channel over the members of a group, compared with other months."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from zoneinfo import ZoneInfo

from nxforge_consumption_monitor.models import (
    Comparison,
    MonthLine,
    MonthTotal,
    plain,
)
from nxforge_consumption_monitor.register import local_day, span_of

from ._beside import change_percent, months_beside

__all__ = ["month_total"]

_ZERO = Decimal(0)


def month_total(channel: str, lines: Sequence[MonthLine]) -> MonthTotal:
    """The sum of a channel; no total while a member's energy is unknown."""
    own = [line for line in lines if line.channel == channel]
    missing = [line.endpoint_name for line in own if line.energy_kwh is None]
    known = _sum(line.energy_kwh for line in own)
    adjusted = _sum(each.energy_kwh for line in own for each in line.adjustments)
    is_whole = bool(own) and not missing
    qualities = {line.quality for line in own if line.quality}
    return MonthTotal(
        channel=channel,
        energy_kwh=known if is_whole else None,
        known_kwh=known,
        estimated_kwh=_sum(line.estimated_kwh for line in own),
        adjusted_kwh=adjusted,
        billed_kwh=plain(known + adjusted) if is_whole else None,
        quality=next(iter(qualities), None) if len(qualities) < 2 else "mixed",  # noqa: PLR2004  # more than one
        is_open=any(line.is_open for line in own),
        missing=missing,
        partly_known=[line.endpoint_name for line in own if line.coverage < 1],
        comparisons=_comparisons(own) if is_whole else [],
    )


def _comparisons(lines: Sequence[MonthLine]) -> list[Comparison]:
    """With other months of the same members, where all of them are known."""
    names = [each.with_ for each in lines[0].comparisons]
    return [_compared(place, name, lines) for place, name in enumerate(names)]


def _compared(place: int, name: str, lines: Sequence[MonthLine]) -> Comparison:
    found = [line.comparisons[place].energy_kwh for line in lines]
    known = [each for each in found if each is not None]
    other = _sum(known)
    if len(known) < len(found) or not other:
        whole = other if len(known) == len(found) else None
        return Comparison(
            with_=name,
            energy_kwh=whole,
            change_percent=None,
            change_percent_per_hour=None,
        )
    mine = _sum(line.energy_kwh for line in lines)
    hourly = sum(
        each / _hours(line, name) for line, each in zip(lines, known, strict=True)
    )
    now = sum(((line.energy_kwh or _ZERO) / line.hours for line in lines), _ZERO)
    return Comparison(
        with_=name,
        energy_kwh=other,
        change_percent=change_percent(mine, other),
        change_percent_per_hour=change_percent(now, Decimal(hourly)),
    )


def _hours(line: MonthLine, name: str) -> Decimal:
    """Hours of the month that a line is compared with."""
    zone = ZoneInfo(line.tz)
    first = months_beside(local_day(line.start, zone))[name]
    return span_of("month", first, zone).hours


def _sum(values: Iterable[Decimal | None]) -> Decimal:
    return plain(sum((each for each in values if each is not None), _ZERO))
