"""Which hours of a period belong to which window, by the wall clock.

Where the clocks go back, an hour of the wall clock comes twice and both belong to its
window; where they go forward, the skipped hour belongs to none.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from nxforge_consumption_monitor.register import Span

from ._tariff import Price, Window

__all__ = ["hours_of"]

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


def hours_of(
    price: Price, span: Span, zone: ZoneInfo
) -> Iterator[tuple[Window | None, Span]]:
    """The period cut where the price of a kWh changes.

    Args:
        price: With windows or without.
        span: Period to cut, UTC.
        zone: Whose wall clock the windows are meant by.

    Yields:
        Spans in order, without a hole, and the window each belongs to; None for the
        hours of the flat rate.
    """
    if not price.windows:
        yield None, span
        return
    held: tuple[Window | None, Span] | None = None
    for window, part in _parts(price, span, zone):
        if held is not None and held[0] is window:
            held = window, Span(held[1].start, part.end)
            continue
        if held is not None:
            yield held
        held = window, part
    if held is not None:
        yield held


def _parts(
    price: Price, span: Span, zone: ZoneInfo
) -> Iterator[tuple[Window | None, Span]]:
    edges = {time(), *(x.start for x in price.windows), *(x.end for x in price.windows)}
    ordered = sorted(edges)
    for stretch, offset in _stretches(span, zone):
        low = (stretch.start + offset).replace(tzinfo=None)
        high = (stretch.end + offset).replace(tzinfo=None)
        marks = [low, *_marks(low, high, ordered), high]
        for start, end in pairwise(marks):
            part = Span(_utc(start, offset), _utc(end, offset))
            yield _window_at(price, start), part


def _marks(low: datetime, high: datetime, edges: list[time]) -> Iterator[datetime]:
    day = low.date()
    while day <= high.date():
        for edge in edges:
            mark = datetime.combine(day, edge)
            if low < mark < high:
                yield mark
        day += _DAY


def _window_at(price: Price, wall: datetime) -> Window | None:
    weekday, at = wall.weekday(), wall.time()
    return next((x for x in price.windows if x.covers(weekday, at)), None)


def _utc(wall: datetime, offset: timedelta) -> datetime:
    return (wall - offset).replace(tzinfo=UTC)


def _stretches(span: Span, zone: ZoneInfo) -> Iterator[tuple[Span, timedelta]]:
    """Parts of a period with one offset from UTC each."""
    at = span.start
    while at < span.end:
        offset = _offset(at, zone)
        until = min(at + _DAY, span.end)
        if _offset(until, zone) != offset:
            until = _change_between(at, until, zone)
        yield Span(at, until), offset
        at = until


def _change_between(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """The change of offset after `low` and not after `high`, to the second."""
    before = _offset(low, zone)
    low = low.replace(microsecond=0)
    while high - low > _SECOND:
        middle = low + (high - low) // _SECOND // 2 * _SECOND
        if _offset(middle, zone) == before:
            low = middle
        else:
            high = middle
    return high


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()
