"""Tariffs: what a kWh, a kW and a month cost, and from when to when."""

from __future__ import annotations

import re
from datetime import datetime, time
from decimal import Decimal
from itertools import pairwise
from typing import Final

import msgspec

from ._errors import TariffError

__all__ = ["Block", "Price", "Tariff", "Window"]

_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_DAYS_OF_A_WEEK: Final = 7


class Window(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    rename="camel",
    forbid_unknown_fields=True,
):
    """Hours of the week with a price of their own.

    Attributes:
        name: As the bill shows it, such as `peak`.
        weekdays: 0 for Monday to 6 for Sunday.
        start: Local time at which it begins.
        end: Local time at which it ends. Not later than `start`: it ends on the next
            day, so 23:00 to 07:00 belongs to the day it begins on and 00:00 is the
            end of the day.
        price: Of one kWh.
    """

    name: str
    weekdays: tuple[int, ...]
    start: time
    end: time
    price: Decimal

    def __post_init__(self) -> None:
        """Refuse days and times that no week has.

        Raises:
            TariffError: there are no weekdays, or some that do not exist.
        """
        days = set(self.weekdays)
        if not days or not days <= set(range(_DAYS_OF_A_WEEK)):
            raise TariffError(
                field="weekdays", value=self.weekdays, remedy="give days from 0 to 6"
            )
        _check_finite("price", self.price)

    def covers(self, weekday: int, at: time) -> bool:
        """Whether a local time of a weekday lies within."""
        begun = weekday in self.weekdays and at >= self.start
        if self.start < self.end:
            return begun and at < self.end
        yesterday = (weekday - 1) % _DAYS_OF_A_WEEK
        return begun or (yesterday in self.weekdays and at < self.end)


class Block(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    rename="camel",
    forbid_unknown_fields=True,
):
    """A part of a month's consumption with a price of its own.

    Attributes:
        up_to_kwh: Where it ends, counted from the month's first kWh; None for the
            last block.
        price: Of one kWh.
    """

    up_to_kwh: Decimal | None
    price: Decimal


class Price(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    rename="camel",
    forbid_unknown_fields=True,
):
    """What holds from one instant to another.

    Attributes:
        valid_from: First instant, with its offset.
        valid_to: First instant after it; None for as long as no later price begins.
        rate: Of one kWh, flat; with windows, of the hours that none of them covers.
        windows: Time of use. Where two cover the same hour, the first one counts.
        blocks: Instead of windows and rate: by the consumption of a calendar month.
        fixed_monthly: For a calendar month, pro rata of its days.
        demand: Of one kW of the month's 15-minute peak above `contracted_kw`, monthly.
        contracted_kw: Peak that costs nothing.
        pue: Factor from metered to billed kWh.
        tax_percent: On everything.
    """

    valid_from: datetime
    valid_to: datetime | None = None
    rate: Decimal | None = None
    windows: tuple[Window, ...] = ()
    blocks: tuple[Block, ...] = ()
    fixed_monthly: Decimal = Decimal(0)
    demand: Decimal = Decimal(0)
    contracted_kw: Decimal = Decimal(0)
    pue: Decimal = Decimal(1)
    tax_percent: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        """Refuse what could not be billed by.

        Raises:
            TariffError: a member contradicts another one or itself.
        """
        _check_validity(self)
        _check_kinds(self)
        _check_blocks(self.blocks)
        _check_amounts(self)


class Tariff(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Prices that follow each other in one currency.

    Attributes:
        name: As reports and errors show it.
        currency: ISO 4217, such as `EUR`.
        prices: In order of time. Holes are allowed here and refused by a bill that
            falls into one.
    """

    name: str
    currency: str
    prices: tuple[Price, ...]

    def __post_init__(self) -> None:
        """Refuse two prices for one instant.

        Raises:
            TariffError: there is no name, the currency is no code, or prices overlap
                or lack order.
        """
        if not self.name.strip():
            raise TariffError(field="name", value=self.name, remedy="give it a name")
        if not _CURRENCY.fullmatch(self.currency):
            raise TariffError(
                field="currency",
                value=self.currency,
                remedy="give the three capital letters of ISO 4217, such as EUR",
            )
        for earlier, later in pairwise(self.prices):
            _check_order(earlier, later)


def _check_validity(price: Price) -> None:
    for field in ("valid_from", "valid_to"):
        instant = getattr(price, field)
        if instant is not None and instant.tzinfo is None:
            raise TariffError(
                field=field,
                value=instant.isoformat(),
                remedy="give the instant with its offset from UTC",
            )
    if price.valid_to is not None and price.valid_to <= price.valid_from:
        raise TariffError(
            field="valid_to",
            value=price.valid_to.isoformat(),
            remedy="give an instant later than valid_from",
        )


def _check_kinds(price: Price) -> None:
    if price.blocks and (price.windows or price.rate is not None):
        raise TariffError(
            field="blocks",
            value=len(price.blocks),
            remedy="give either blocks, or a rate with or without windows",
        )
    if not price.blocks and not price.windows and price.rate is None:
        raise TariffError(
            field="rate", value=None, remedy="give a price of one kWh, 0 included"
        )


def _check_blocks(blocks: tuple[Block, ...]) -> None:
    limits = [block.up_to_kwh for block in blocks]
    known = [limit for limit in limits[:-1] if limit is not None]
    rises = all(low < high for low, high in pairwise([Decimal(0), *known]))
    if blocks and (limits[-1] is not None or len(known) != len(limits) - 1):
        remedy = "give up_to_kwh of every block but the last one"
        raise TariffError(field="blocks", value=limits, remedy=remedy)
    if not rises:
        remedy = "give limits above 0 that rise from block to block"
        raise TariffError(field="blocks", value=limits, remedy=remedy)
    for block in blocks:
        _check_finite("price", block.price)


def _check_amounts(price: Price) -> None:
    if price.rate is not None:
        _check_finite("rate", price.rate)
    for field in ("fixed_monthly", "demand", "contracted_kw", "tax_percent"):
        value = getattr(price, field)
        _check_finite(field, value)
        if value < 0:
            raise TariffError(field=field, value=value, remedy="give 0 or more")
    _check_finite("pue", price.pue)
    if price.pue <= 0:
        raise TariffError(field="pue", value=price.pue, remedy="give more than 0")


def _check_order(earlier: Price, later: Price) -> None:
    end = earlier.valid_to
    if later.valid_from <= earlier.valid_from or (
        end is not None and later.valid_from < end
    ):
        raise TariffError(
            field="valid_from",
            value=later.valid_from.isoformat(),
            remedy="give the prices in order of time, none beginning before the "
            "one before it ends",
        )


def _check_finite(field: str, value: Decimal) -> None:
    if not value.is_finite():
        raise TariffError(field=field, value=value, remedy="give a number")
