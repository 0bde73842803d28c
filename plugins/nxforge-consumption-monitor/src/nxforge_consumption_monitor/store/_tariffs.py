"""Tariffs and their prices in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

import msgspec

from nxforge_core.api import Connection

from ._statements import SQL

__all__ = [
    "LockedMonth",
    "PriceRow",
    "StoredTariff",
    "delete_tariff",
    "hold_tariffs",
    "list_prices",
    "list_tariffs",
    "months_locked_anywhere",
    "tariff_name_taken",
    "write_tariff",
]


class StoredTariff(msgspec.Struct, frozen=True, kw_only=True):
    """A tariff without its prices; `assigned` counts endpoints and groups."""

    id: str
    name: str
    currency: str
    assigned: int
    created_at: datetime
    updated_at: datetime


class PriceRow(msgspec.Struct, frozen=True, kw_only=True):
    """A price; fields in the order of the statement."""

    tariff_id: str
    valid_from: datetime
    valid_to: datetime | None
    rate: Decimal | None
    windows: list[dict[str, object]]
    blocks: list[dict[str, object]]
    fixed_monthly: Decimal
    demand: Decimal
    contracted_kw: Decimal
    pue: Decimal
    tax_percent: Decimal


class LockedMonth(msgspec.Struct, frozen=True):
    """A locked month, by its first day, in the zone of somebody whose month it is."""

    month: date
    tz: str


async def list_tariffs(
    connection: Connection, tariff_id: str | None = None
) -> list[StoredTariff]:
    """All tariffs by name, or the one with the id."""
    return await connection.structs(StoredTariff, SQL.list_tariffs, tariff_id)


async def list_prices(
    connection: Connection, tariff_id: str | None = None
) -> list[PriceRow]:
    """Prices of all tariffs or of one, each tariff's in order of time."""
    return await connection.structs(PriceRow, SQL.list_prices, tariff_id)


async def hold_tariffs(connection: Connection) -> None:
    """Let nobody else write tariffs until the transaction ends."""
    await connection.execute(SQL.hold_tariffs)


async def tariff_name_taken(connection: Connection, name: str, tariff_id: str) -> bool:
    """Whether another tariff bears the name."""
    return bool(await connection.fetchval(SQL.tariff_name_taken, name, tariff_id))


async def write_tariff(
    connection: Connection,
    tariff_id: str,
    name: str,
    currency: str,
    prices: Sequence[PriceRow],
) -> None:
    """Write a tariff, new or known, with all its prices."""
    await connection.execute(SQL.write_tariff, tariff_id, name, currency)
    await connection.execute(SQL.delete_prices, tariff_id)
    rows = [msgspec.structs.astuple(price) for price in prices]
    await connection.executemany(SQL.insert_price, rows)


async def delete_tariff(connection: Connection, tariff_id: str) -> None:
    """Delete a tariff that nothing is assigned to, with its prices."""
    await connection.execute(SQL.delete_tariff, tariff_id)


async def months_locked_anywhere(connection: Connection) -> list[LockedMonth]:
    """The locked months of all endpoints."""
    return await connection.structs(LockedMonth, SQL.months_locked_anywhere)
