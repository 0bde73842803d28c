"""What is entered of a tariff, and the prices that come of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Final
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from nxforge_consumption_monitor.billing import Price
from nxforge_consumption_monitor.models import plain
from nxforge_consumption_monitor.register import local_day, local_midnight
from nxforge_consumption_monitor.tariffs import TariffBody, TariffView
from nxforge_core.api import load_texts, ui

from ._tariff_lines import (
    BAND_EXAMPLE,
    BLOCK_EXAMPLE,
    bands_of,
    blocks_of,
    lines_of_bands,
    lines_of_blocks,
)

__all__ = ["TARIFF_FIELDS", "TariffEntry", "entry_of", "new_entry", "tariff_of"]

say = load_texts(__package__)

_Lines = tuple[str, ...]


class TariffEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A tariff, and what holds from a day on.

    Attributes:
        name: As reports show it.
        currency: Three letters.
        valid_from: The first day. A price that begins on the same day is replaced, the
            earlier ones stay, and it holds until a later one begins.
        rate: Of every hour that no time band covers.
        fixed_monthly: For each calendar month, pro rata of its days.
        tax_percent: On everything.
        windows: Hours with a price of their own; days such as Mon-Fri or Sat,Sun or
            daily. Where two cover the same hour, the first one counts.
        blocks: Instead of a price and time bands, by the energy of a month: up to how
            many kWh, and the price; the last line begins with rest.
        demand: Of one kW of the month's highest quarter of an hour.
        contracted_kw: So much of that peak costs nothing.
        pue: Factor from metered to billed kWh, for cooling and losses.
    """

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")] = "EUR"
    valid_from: date
    rate: Decimal | None = None
    fixed_monthly: Decimal = Decimal(0)
    tax_percent: Decimal = Decimal(0)
    windows: _Lines = ()
    blocks: _Lines = ()
    demand: Decimal = Decimal(0)
    contracted_kw: Decimal = Decimal(0)
    pue: Decimal = Decimal(1)


TARIFF_FIELDS: Final = {
    "name": ui.Field(placeholder=say("Electricity 2026")),
    "valid_from": ui.Field(say("Holds from")),
    "rate": ui.Field(say("Price"), unit=say("per kWh")),
    "windows": ui.Field(say("Time bands"), lines=3, placeholder=BAND_EXAMPLE),
    "fixed_monthly": ui.Field(say("Fixed fee"), unit=say("per month")),
    "tax_percent": ui.Field(say("Tax"), unit="%"),
    "blocks": ui.Field(say("Blocks"), lines=3, placeholder=BLOCK_EXAMPLE, folded=True),
    "demand": ui.Field(say("Demand"), unit=say("per kW"), folded=True),
    "contracted_kw": ui.Field(say("Contracted"), unit="kW", folded=True),
    "pue": ui.Field(say("PUE"), folded=True),
}


def new_entry(today: date) -> dict[str, object]:
    """What the form of a new tariff begins with: the whole year can be billed."""
    return {"valid_from": today.replace(month=1, day=1)}


def entry_of(tariff: TariffView, price: Price, zone: ZoneInfo) -> TariffEntry:
    """A stored price as it is entered."""
    return TariffEntry(
        name=tariff.name,
        currency=tariff.currency,
        valid_from=local_day(price.valid_from, zone),
        rate=None if price.rate is None else plain(price.rate),
        windows=tuple(lines_of_bands(price.windows)),
        fixed_monthly=plain(price.fixed_monthly),
        tax_percent=plain(price.tax_percent),
        blocks=tuple(lines_of_blocks(price.blocks)),
        demand=plain(price.demand),
        contracted_kw=plain(price.contracted_kw),
        pue=plain(price.pue),
    )


def tariff_of(
    entry: TariffEntry, before: Sequence[Price], zone: ZoneInfo
) -> TariffBody:
    """The tariff as it is wanted: the entered price among those that were there.

    Raises:
        InvalidInputError: a line of a band or a block says none.
        TariffError: nothing could be billed by it.
    """
    day = entry.valid_from
    same = [each for each in before if local_day(each.valid_from, zone) == day]
    rest = [each for each in before if each not in same]
    start = same[0].valid_from if same else local_midnight(day, zone)
    end = same[-1].valid_to if same else _end(rest, start)
    prices = [*(_ended(each, start) for each in rest), _price(entry, start, end)]
    prices.sort(key=lambda each: each.valid_from)
    return TariffBody(name=entry.name, currency=entry.currency, prices=tuple(prices))


def _end(prices: Sequence[Price], start: datetime) -> datetime | None:
    """Where the price ends that held up to now."""
    return next(
        (each.valid_to for each in prices if _holds(each, start) and each.valid_to),
        None,
    )


def _ended(price: Price, start: datetime) -> Price:
    """One that held up to now ends where the entered one begins."""
    if price.valid_to is None or not _holds(price, start):
        return price
    return replace(price, valid_to=start)


def _holds(price: Price, at: datetime) -> bool:
    return price.valid_from < at and (price.valid_to is None or at < price.valid_to)


def _price(entry: TariffEntry, start: datetime, end: datetime | None) -> Price:
    return Price(
        valid_from=start,
        valid_to=end,
        rate=entry.rate,
        windows=bands_of(entry.windows),
        blocks=blocks_of(entry.blocks),
        fixed_monthly=entry.fixed_monthly,
        demand=entry.demand,
        contracted_kw=entry.contracted_kw,
        pue=entry.pue,
        tax_percent=entry.tax_percent,
    )
