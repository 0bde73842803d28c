"""What a reader of a report has to know, in sentences; and the sums of two feeds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final

from nxforge_consumption_monitor.models import (
    FeedSums,
    GroupMove,
    MonthLine,
    plain,
)

__all__ = ["feed_of", "feed_sums", "notes", "sums_of_feeds"]

_THOUSANDTH: Final = Decimal("0.001")
_FEED: Final = re.compile(r"\bfeed[:_ -]?([ab])\b", re.IGNORECASE)


def notes(lines: Sequence[MonthLine], moves: Sequence[GroupMove] = ()) -> list[str]:
    """The footer of a report with these lines, and who joined or left meanwhile."""
    return [*_notes(lines), *_moved(moves)]


def _notes(lines: Sequence[MonthLine]) -> Iterator[str]:
    if any(line.energy_kwh is None for line in lines):
        yield "Of some lines nothing is known: that is not zero."
    if any(line.estimated_kwh for line in lines):
        yield "Contains estimated values: their share stands beside each."
    if any(line.is_open for line in lines):
        yield "Not final: readings after the end of the month are missing."
        yield from _ahead([line for line in lines if line.channel == "total"])
    if not all(line.locked for line in lines):
        yield "Not locked: late readings and corrections may change it."
    if not all(line.certified for line in lines):
        yield "Not made by certified billing meters."


def _ahead(lines: Sequence[MonthLine]) -> Iterator[str]:
    """What the month comes to, where that can be told of every line."""
    ends = [
        line.forecast_kwh if line.is_open else line.energy_kwh
        for line in lines
        if line.energy_kwh is not None
    ]
    known = [each for each in ends if each is not None]
    if known and len(known) == len(ends):
        total = sum(known, Decimal(0)).quantize(_THOUSANDTH)
        yield f"Forecast for its end, as in the last seven days: {total:f} kWh."


def _moved(moves: Sequence[GroupMove]) -> Iterator[str]:
    if moves:
        told = [
            f"{move.endpoint_name} {'joined' if move.joined else 'left'} on "
            f"{move.at.date().isoformat()}"
            for move in moves
        ]
        yield f"Whole months of those who belonged at its end: {', '.join(told)}."


def feed_of(channel: str, external_ref: str | None) -> str | None:
    """`a` or `b` where a channel, or the whole endpoint, is a feed; else None."""
    told = external_ref if channel == "total" else channel
    found = _FEED.search((told or "").replace("feed_", "feed:"))
    return found[1].lower() if found else None


def feed_sums(lines: Sequence[MonthLine]) -> FeedSums | None:
    """Energy of the A and B feeds and of both; None where there is neither."""
    return sums_of_feeds(
        (feed_of(line.channel, line.external_ref), line.energy_kwh) for line in lines
    )


def sums_of_feeds(
    found: Iterable[tuple[str | None, Decimal | None]],
) -> FeedSums | None:
    """The same of energies, each with its feed or None."""
    feeds: dict[str, list[Decimal | None]] = {}
    for feed, energy in found:
        if feed is not None:
            feeds.setdefault(feed, []).append(energy)
    if not feeds:
        return None
    a, b = _sum(feeds.get("a", [])), _sum(feeds.get("b", []))
    both = None if a is None or b is None else plain(a + b)
    return FeedSums(a_kwh=a, b_kwh=b, both_kwh=both)


def _sum(values: Sequence[Decimal | None]) -> Decimal | None:
    known = [each for each in values if each is not None]
    if not values or len(known) < len(values):
        return None
    return plain(sum(known, Decimal(0)))
