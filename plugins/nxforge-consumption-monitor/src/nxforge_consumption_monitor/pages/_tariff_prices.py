"""The prices of a tariff in words, and which of them holds."""

from __future__ import annotations

from datetime import datetime

from nxforge_consumption_monitor.billing import Price
from nxforge_consumption_monitor.models import plain
from nxforge_consumption_monitor.tariffs import TariffView
from nxforge_core.api import load_texts, ui

from ._tariff_lines import lines_of_bands, lines_of_blocks

__all__ = ["ends_of", "price_now", "price_words", "state_of_price"]

say = load_texts(__package__)


def price_now(tariff: TariffView, now: datetime) -> Price | None:
    """The one that holds at the instant."""
    ends = ends_of(tariff)
    return next(
        (
            each
            for each, end in zip(tariff.prices, ends, strict=True)
            if each.valid_from <= now and (end is None or now < end)
        ),
        None,
    )


def ends_of(tariff: TariffView) -> list[datetime | None]:
    """Until when each price holds; None: no end is known."""
    starts = [each.valid_from for each in tariff.prices[1:]]
    later = [*starts, None]
    return [
        each.valid_to or after for each, after in zip(tariff.prices, later, strict=True)
    ]


def price_words(price: Price) -> str:
    """What a kWh costs."""
    parts = [*lines_of_bands(price.windows), *lines_of_blocks(price.blocks)]
    if price.rate is not None:
        rate = f"{plain(price.rate):f}"
        parts.append(f"else {rate}" if parts else rate)
    return "; ".join(parts)


def state_of_price(price: Price, end: datetime | None, now: datetime) -> ui.State:
    """Whether it holds now."""
    if now < price.valid_from:
        return ui.State(say("later"), "info")
    if end is not None and end <= now:
        return ui.State(say("over"))
    return ui.State(say("holds now"), "ok")
