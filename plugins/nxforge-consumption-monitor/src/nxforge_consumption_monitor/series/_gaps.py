"""Where nothing is known: time that a chart leaves empty."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from nxforge_consumption_monitor.models import Gap
from nxforge_consumption_monitor.register import Span

__all__ = ["gaps_beside", "gaps_between"]


def gaps_between(
    instants: Sequence[datetime], longest: timedelta, span: Span
) -> list[Gap]:
    """Time of a span that lies between two instants further apart than `longest`.

    The ends of the span count as instants: before the first and after the last one
    there can be a gap too.
    """
    edges = [span.start, *instants, span.end]
    return [
        _gap(before, after)
        for before, after in pairwise(edges)
        if after - before > longest
    ]


def gaps_beside(known: Iterable[Span], span: Span) -> list[Gap]:
    """Time of a span that none of the known spans, in order, covers."""
    return [_gap(each.start, each.end) for each in _beside(known, span)]


def _beside(known: Iterable[Span], span: Span) -> Iterator[Span]:
    at = span.start
    for each in known:
        if each.start > at:
            yield Span(at, min(each.start, span.end))
        at = max(at, each.end)
    if at < span.end:
        yield Span(at, span.end)


def _gap(start: datetime, end: datetime) -> Gap:
    return Gap(start=start, end=end, seconds=(end - start) // timedelta(seconds=1))
