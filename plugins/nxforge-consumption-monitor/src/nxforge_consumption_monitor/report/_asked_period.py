"""Which period a summary is of, and which one it is compared with."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal, get_args
from zoneinfo import ZoneInfo

import msgspec

from nxforge_consumption_monitor.models import Period, parse_instant
from nxforge_consumption_monitor.register import Span, span_at, span_of
from nxforge_core.api import InvalidInputError

__all__ = ["AskedPeriod", "Compare", "decode_compare", "decode_period"]

Compare = Literal["previous", "lastYear"]

#: Without a date these roll and end now; month and year are of the calendar, to date.
_ROLLING: Final[dict[str, timedelta]] = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}
_FEBRUARY_28: Final = 28
_MICROSECOND: Final = timedelta(microseconds=1)
#: A year later a week has the same days of the week again.
_WEEKS: Final = timedelta(weeks=52)


class AskedPeriod(msgspec.Struct, frozen=True, kw_only=True):
    """A period, in any zone.

    Attributes:
        day: The date asked for, of each endpoint's own zone; None for now.
        hour: The instant asked for, where the period is an hour.
    """

    kind: Period
    now: datetime
    day: date | None = None
    hour: datetime | None = None

    @property
    def is_rolling(self) -> bool:
        """It ends now and its length is given, wherever the calendar stands."""
        return self.day is None and self.hour is None and self.kind in _ROLLING

    def whole(self, zone: ZoneInfo) -> Span:
        """The period to its end, even if that is still to come."""
        if self.is_rolling:
            return Span(self.now - _ROLLING[self.kind], self.now)
        if self.day is None or self.kind == "hour":
            return span_at(self.kind, self.hour or self.now, zone)
        return span_of(self.kind, self.day, zone)

    def past(self, zone: ZoneInfo) -> Span:
        """Of the period, what has been."""
        whole = self.whole(zone)
        return Span(whole.start, max(min(whole.end, self.now), whole.start))

    def is_over(self, zone: ZoneInfo) -> bool:
        """Nothing of it is still to come."""
        return self.whole(zone).end <= self.now

    def other(self, compare: Compare, zone: ZoneInfo) -> Span:
        """What it is compared with; of a period that runs, the same elapsed time."""
        past, other = self.past(zone), self._other(compare, zone)
        if self.is_over(zone):
            return other
        return Span(other.start, min(other.start + (past.end - past.start), other.end))

    def _other(self, compare: Compare, zone: ZoneInfo) -> Span:
        whole = self.whole(zone)
        if compare == "previous":
            if self.is_rolling:
                return Span(whole.start - (whole.end - whole.start), whole.start)
            return span_at(self.kind, whole.start - _MICROSECOND, zone)
        if self.kind == "week":
            moved = [_moved(each, zone) for each in (whole.start, whole.end)]
            return Span(*moved)
        start = _year_before(whole.start, zone)
        if self.is_rolling:
            return Span(start, start + (whole.end - whole.start))
        return span_at(self.kind, start, zone)


def decode_period(
    kind: str, text: str | None, now: datetime, zone: ZoneInfo
) -> AskedPeriod:
    """Read which period is meant.

    Args:
        kind: Its name.
        text: A date or an instant in it; None for the one up to now.
        now: The current instant.
        zone: Of the site.

    Raises:
        InvalidInputError: there is no such period, or the date is none.
    """
    for known in get_args(Period):
        if kind != known:
            continue
        if text is None:
            return AskedPeriod(kind=known, now=now)
        at = parse_instant("date", text, zone)
        hour = at if known == "hour" else None
        return AskedPeriod(
            kind=known, now=now, day=at.astimezone(zone).date(), hour=hour
        )
    raise InvalidInputError(
        field="period", value=kind, remedy="give hour, day, week, month or year"
    )


def decode_compare(text: str | None) -> Compare | None:
    """Read what a summary is compared with.

    Raises:
        InvalidInputError: it is neither.
    """
    match text:
        case None | "previous" | "lastYear":
            return text
    raise InvalidInputError(
        field="compare", value=text, remedy="give previous or lastYear"
    )


def _moved(at: datetime, zone: ZoneInfo) -> datetime:
    return (at.astimezone(zone) - _WEEKS).astimezone(UTC)


def _year_before(at: datetime, zone: ZoneInfo) -> datetime:
    local = at.astimezone(zone)
    try:
        return local.replace(year=local.year - 1).astimezone(UTC)
    except ValueError:  # the 29th of February
        return local.replace(year=local.year - 1, day=_FEBRUARY_28).astimezone(UTC)
