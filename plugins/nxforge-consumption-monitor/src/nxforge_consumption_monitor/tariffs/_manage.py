"""The life of a tariff. Everything is checked before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid4

from nxforge_consumption_monitor import store
from nxforge_consumption_monitor.billing import Tariff
from nxforge_consumption_monitor.models import check_version
from nxforge_consumption_monitor.store import LockedMonth, PriceRow, StoredTariff
from nxforge_core.api import Connection, Database

from ._errors import DuplicateTariffError, TariffInUseError, UnknownTariffError
from ._rows import rows_of, tariff_of
from ._settled import check_settled, settled_until
from ._views import TariffBody, TariffView

__all__ = [
    "change_tariff",
    "create_tariff",
    "list_tariffs",
    "remove_tariff",
    "show_tariff",
    "stored_tariff",
]


async def list_tariffs(connection: Connection) -> list[TariffView]:
    """All tariffs by name."""
    return await _views(connection, None)


async def show_tariff(connection: Connection, tariff_id: str) -> TariffView:
    """One tariff.

    Raises:
        UnknownTariffError: there is none with the id.
    """
    found = await _views(connection, _parse_id(tariff_id))
    if not found:
        raise UnknownTariffError(tariff_id)
    return found[0]


async def create_tariff(database: Database, body: TariffBody) -> TariffView:
    """Store a new tariff.

    Raises:
        TariffError: nothing could be billed by it.
        DuplicateTariffError: another tariff has the name.
    """
    wanted = Tariff(name=body.name, currency=body.currency, prices=body.prices)
    tariff_id = str(uuid4())
    async with database.transaction() as connection:
        await store.hold_tariffs(connection)
        await _write(connection, tariff_id, wanted)
        return await show_tariff(connection, tariff_id)


async def change_tariff(
    database: Database, tariff_id: str, body: TariffBody, *, match: str | None = None
) -> TariffView:
    """Store a tariff as it is wanted now, with all its prices.

    Raises:
        UnknownTariffError: there is none with the id.
        StaleVersionError: somebody changed it meanwhile.
        TariffError: nothing could be billed by it.
        DuplicateTariffError: another tariff has the name.
        BilledPriceError: a locked month was billed by a price that would change.
    """
    wanted = Tariff(name=body.name, currency=body.currency, prices=body.prices)
    async with database.transaction() as connection:
        await store.hold_tariffs(connection)
        before = await stored_tariff(connection, tariff_id)
        check_version(match, (await show_tariff(connection, tariff_id)).updated_at)
        locked = await store.months_locked_anywhere(connection)
        check_settled(before, wanted, locked)
        await _write(connection, tariff_id, wanted)
        return await show_tariff(connection, tariff_id)


async def remove_tariff(
    database: Database, tariff_id: str, *, match: str | None = None
) -> None:
    """Delete a tariff by which nothing is billed.

    Raises:
        UnknownTariffError: there is none with the id.
        StaleVersionError: somebody changed it meanwhile.
        TariffInUseError: endpoints or groups are billed by it.
    """
    async with database.transaction() as connection:
        await store.hold_tariffs(connection)
        view = await show_tariff(connection, tariff_id)
        check_version(match, view.updated_at)
        if view.assigned:
            raise TariffInUseError(view.name, view.assigned)
        await store.delete_tariff(connection, view.id)


async def stored_tariff(connection: Connection, tariff_id: str) -> Tariff:
    """A tariff to bill by.

    Raises:
        UnknownTariffError: there is none with the id.
    """
    known = _parse_id(tariff_id)
    found = await store.list_tariffs(connection, known)
    if not found:
        raise UnknownTariffError(tariff_id)
    return tariff_of(found[0], await store.list_prices(connection, known))


async def _write(connection: Connection, tariff_id: str, wanted: Tariff) -> None:
    if await store.tariff_name_taken(connection, wanted.name, tariff_id):
        raise DuplicateTariffError(wanted.name)
    rows = rows_of(tariff_id, wanted.prices)
    await store.write_tariff(connection, tariff_id, wanted.name, wanted.currency, rows)


async def _views(connection: Connection, tariff_id: str | None) -> list[TariffView]:
    prices = await store.list_prices(connection, tariff_id)
    locked = await store.months_locked_anywhere(connection)
    found = await store.list_tariffs(connection, tariff_id)
    return [_view(each, prices, locked) for each in found]


def _view(
    stored: StoredTariff, prices: Sequence[PriceRow], locked: Sequence[LockedMonth]
) -> TariffView:
    tariff = tariff_of(stored, prices)
    return TariffView(
        id=stored.id,
        name=stored.name,
        currency=stored.currency,
        prices=tariff.prices,
        assigned=stored.assigned,
        settled_until=settled_until(tariff, locked),
        created_at=stored.created_at,
        updated_at=stored.updated_at,
    )


def _parse_id(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError as error:
        raise UnknownTariffError(text) from error
