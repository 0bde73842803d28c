"""A price that was billed never changes: another one begins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from nxforge_consumption_monitor.billing import Price, Tariff, prices_in
from nxforge_consumption_monitor.register import Span, span_of
from nxforge_consumption_monitor.store import LockedMonth

from ._errors import BilledPriceError

__all__ = ["check_settled", "settled_until"]


def check_settled(before: Tariff, after: Tariff, locked: Iterable[LockedMonth]) -> None:
    """Refuse a change of what a locked month was billed by.

    A month that anybody locked counts: what it was billed by is what the tariff said
    then, whoever has the tariff today.

    Raises:
        BilledPriceError: a price holds otherwise in a locked month.
    """
    for each in locked:
        span = _span(each)
        kept = set(_held(after, span))
        for held in _held(before, span):
            if held not in kept:
                price, _, _ = held
                raise BilledPriceError(
                    tariff=before.name, start=price.valid_from, month=each.month
                )


def settled_until(tariff: Tariff, locked: Iterable[LockedMonth]) -> datetime | None:
    """The end of the last locked month in which a price holds."""
    ends = [part.end for each in locked for _, part, _ in _held(tariff, _span(each))]
    return max(ends, default=None)


def _held(tariff: Tariff, span: Span) -> Iterator[tuple[Price, Span, str]]:
    for price, part in prices_in(tariff, span):
        # from when to when it is valid elsewhere is of no matter here
        bare = replace(price, valid_from=part.start, valid_to=None)
        yield bare, part, tariff.currency


def _span(each: LockedMonth) -> Span:
    return span_of("month", each.month, ZoneInfo(each.tz))
