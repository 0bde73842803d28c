"""A period cut at calendar months and price changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import msgspec

from nxforge_consumption_monitor.register import Span, span_at, spans_between

from ._errors import TariffGapError
from ._tariff import Price, Tariff

__all__ = ["Piece", "pieces_of", "prices_in"]

_SECOND = timedelta(seconds=1)


class Piece(msgspec.Struct, frozen=True):
    """A part of one calendar month with one price.

    Attributes:
        price: That holds.
        span: The part.
        month: The calendar month, cut to the period that is billed.
        days: Of the whole calendar month, those that the part holds.
        month_days: How many the whole calendar month has.
    """

    price: Price
    span: Span
    month: Span
    days: Decimal
    month_days: Decimal


def pieces_of(tariff: Tariff, span: Span, zone: ZoneInfo) -> Iterator[Piece]:
    """The parts of a period, in order.

    Raises:
        TariffGapError: there is time without a price; the first such time is named.
    """
    for whole in spans_between("month", span.start, span.end, zone):
        month = _common(whole, span)
        for price, part in _priced(tariff, month):
            days = _days(part.end, whole, zone) - _days(part.start, whole, zone)
            yield Piece(price, part, month, days, _days(whole.end, whole, zone))


def prices_in(tariff: Tariff, span: Span) -> Iterator[tuple[Price, Span]]:
    """The prices that hold within a period and from when to when they do, in order.

    Time without a price is left out.
    """
    for price, valid in _validities(tariff):
        part = _common(valid, span)
        if part.start < part.end:
            yield price, part


def _priced(tariff: Tariff, month: Span) -> Iterator[tuple[Price, Span]]:
    at = month.start
    for price, part in prices_in(tariff, month):
        if part.start > at:
            raise TariffGapError(tariff=tariff.name, start=at, end=part.start)
        yield price, part
        at = part.end
    if at < month.end:
        raise TariffGapError(tariff=tariff.name, start=at, end=month.end)


def _validities(tariff: Tariff) -> Iterator[tuple[Price, Span]]:
    following = [price.valid_from for price in tariff.prices[1:]]
    for price, later in zip(tariff.prices, [*following, None], strict=True):
        end = price.valid_to or later
        yield price, Span(price.valid_from, end or datetime.max.replace(tzinfo=UTC))


def _days(at: datetime, month: Span, zone: ZoneInfo) -> Decimal:
    """Days of a month before an instant; a day counts one whatever its length."""
    last = at == month.end
    days = sum(1 for _ in spans_between("day", month.start, at, zone))
    day = span_at("day", at, zone)
    if last or at == day.start:
        return Decimal(days)
    part, length = at - day.start, day.end - day.start
    return Decimal(days - 1) + Decimal(part // _SECOND) / Decimal(length // _SECOND)


def _common(one: Span, other: Span) -> Span:
    return Span(max(one.start, other.start), min(one.end, other.end))
