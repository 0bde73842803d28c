"""Prices from rows and to rows."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from nxforge_consumption_monitor.billing import Block, Price, Tariff, Window
from nxforge_consumption_monitor.store import PriceRow, StoredTariff

__all__ = ["rows_of", "tariff_of"]


def tariff_of(stored: StoredTariff, prices: Iterable[PriceRow]) -> Tariff:
    """A tariff from what is stored of it."""
    return Tariff(
        name=stored.name,
        currency=stored.currency,
        prices=tuple(_price(row) for row in prices if row.tariff_id == stored.id),
    )


def rows_of(tariff_id: str, prices: Iterable[Price]) -> list[PriceRow]:
    """Prices as they are stored."""
    return [_row(tariff_id, price) for price in prices]


def _price(row: PriceRow) -> Price:
    fields = msgspec.structs.asdict(row)
    del fields["tariff_id"]
    windows = msgspec.convert(row.windows, tuple[Window, ...])
    blocks = msgspec.convert(row.blocks, tuple[Block, ...])
    return Price(**fields | {"windows": windows, "blocks": blocks})


def _row(tariff_id: str, price: Price) -> PriceRow:
    fields = msgspec.structs.asdict(price)
    # as text within: a number of JSON would come back as a float
    fields["windows"] = msgspec.to_builtins(list(price.windows))
    fields["blocks"] = msgspec.to_builtins(list(price.blocks))
    return PriceRow(tariff_id=tariff_id, **fields)
