"""One tariff: its prices over time, and who is billed by it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from nxforge_consumption_monitor.billing import Price
from nxforge_consumption_monitor.models import plain
from nxforge_consumption_monitor.permissions import READ_TARIFFS, WRITE_TARIFFS
from nxforge_consumption_monitor.register import local_day
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.tariffs import (
    TariffBody,
    TariffView,
    change_tariff,
    remove_tariff,
    show_tariff,
)
from nxforge_core.api import InvalidInputError, PluginContext, ui

from ._tariff_entry import TARIFF_FIELDS, TariffEntry, entry_of, new_entry, tariff_of
from ._tariff_prices import ends_of, price_now, price_words, state_of_price
from ._tariff_subjects import BILL, SUBJECTS

__all__ = ["TARIFF_PAGE"]

_Context = PluginContext[MonitorSettings]

_INSTANT: Final = timedelta(microseconds=1)


async def _asked(ctx: _Context, params: ui.Params) -> TariffView:
    if "id" not in params:
        remedy = "choose a tariff in the list of tariffs"
        raise InvalidInputError(field="id", value=None, remedy=remedy)
    return await show_tariff(ctx.db, params["id"])


async def _name(ctx: _Context, params: ui.Params) -> str:
    return (await _asked(ctx, params)).name


async def _facts(ctx: _Context, params: ui.Params) -> list[ui.Fact]:
    tariff = await _asked(ctx, params)
    price = price_now(tariff, ctx.clock.now())
    none = ui.State("none", "warning", "months of now cannot be billed")
    return [
        ui.Fact("Tariff", tariff.name),
        ui.Fact("Price now", price_words(price) if price else none),
        ui.Fact("Currency", tariff.currency),
        ui.Fact("Changed", tariff.updated_at, "time"),
        ui.Fact("Settled until", tariff.settled_until or "no month is locked", "time"),
        ui.Fact("Id for the API", tariff.id, "code"),
    ]


async def _prices(ctx: _Context, params: ui.Params) -> list[dict[str, object]]:
    tariff, zone = await _asked(ctx, params), _zone(ctx)
    ends, now = ends_of(tariff), ctx.clock.now()
    return [
        {
            "key": str(place),
            "first": local_day(price.valid_from, zone),
            "last": local_day(end - _INSTANT, zone) if end else "open",
            "state": state_of_price(price, end, now),
            "price": price_words(price),
            "fixed_monthly": plain(price.fixed_monthly),
            "demand": plain(price.demand),
            "tax": plain(price.tax_percent),
            "pue": plain(price.pue),
            "change": ui.Link(
                "change", "tariff", {"id": tariff.id, "price": str(place)}
            ),
        }
        for place, (price, end) in enumerate(zip(tariff.prices, ends, strict=True))
    ]


async def _held(ctx: _Context, params: ui.Params) -> TariffEntry | dict[str, object]:
    """The chosen price, else the latest one."""
    tariff, zone = await _asked(ctx, params), _zone(ctx)
    price = _chosen(tariff, params.get("price", str(len(tariff.prices) - 1)))
    if price is not None:
        return entry_of(tariff, price, zone)
    today = local_day(ctx.clock.now(), zone)
    return {
        **new_entry(today),
        "name": tariff.name,
        "currency": tariff.currency,
    }


def _chosen(tariff: TariffView, place: str) -> Price | None:
    found = dict(zip(map(str, range(len(tariff.prices))), tariff.prices, strict=True))
    return found.get(place)


async def _store(ctx: _Context, data: TariffEntry, params: ui.Params) -> ui.Done:
    tariff = await _asked(ctx, params)
    body = tariff_of(data, tariff.prices, _zone(ctx))
    stored = await change_tariff(ctx.db, tariff.id, body)
    words = f"{stored.name} has this price from {data.valid_from} on."
    return ui.Done(words, go=ui.Link(stored.name, "tariff", {"id": stored.id}))


async def _drop(ctx: _Context, keys: Sequence[str], params: ui.Params) -> ui.Done:
    tariff = await _asked(ctx, params)
    gone = _chosen(tariff, keys[0])
    rest = tuple(each for each in tariff.prices if each is not gone)
    body = TariffBody(name=tariff.name, currency=tariff.currency, prices=rest)
    await change_tariff(ctx.db, tariff.id, body)
    return ui.Done(f"{tariff.name} has {len(rest)} prices now.")


async def _remove(ctx: _Context, params: ui.Params) -> ui.Done:
    tariff = await _asked(ctx, params)
    await remove_tariff(ctx.db, tariff.id)
    return ui.Done(f"{tariff.name} is deleted.", go=ui.Link("Tariffs", "tariffs"))


def _zone(ctx: _Context) -> ZoneInfo:
    return ZoneInfo(ctx.settings.time_zone)


_PRICES: Final = ui.Table(
    "Prices",
    _prices,
    (
        ui.Column("first", "From", sort=True),
        ui.Column("last", "To"),
        ui.Column("state", "State"),
        ui.Column("price", "Price of a kWh"),
        ui.Column("fixed_monthly", "Monthly", "number"),
        ui.Column("demand", "Demand per kW", "number"),
        ui.Column("tax", "Tax", "number", "%"),
        ui.Column("pue", "PUE", "number", hidden=True),
        ui.Column("change", "Change"),
    ),
    key="key",
    sort="-first",
    actions=(
        ui.RowAction(
            "drop",
            "Delete",
            _drop,
            WRITE_TARIFFS,
            confirm="Delete this price? The one before it holds in its place.",
            style="danger",
        ),
    ),
    empty="No price: nothing can be billed. Enter one below.",
)

TARIFF_PAGE: Final = ui.Page(
    name="tariff",
    title="Tariff",
    heading=_name,
    menu=False,
    permission=READ_TARIFFS,
    links=(ui.Link("All tariffs", "tariffs"),),
    body=(
        ui.Detail("Tariff", _facts, empty="There is no such tariff."),
        BILL,
        SUBJECTS,
        _PRICES,
        ui.Form(
            "What holds from a day on",
            TariffEntry,
            _store,
            _held,
            TARIFF_FIELDS,
            name="price",
            text="Give another first day to add a price, the same to change it.",
            button="Store the price",
            permission=WRITE_TARIFFS,
            layout="columns",
        ),
        ui.Action(
            "Delete the tariff",
            _remove,
            confirm="Delete this tariff and its prices? One that bills somebody stays.",
            style="danger",
            permission=WRITE_TARIFFS,
        ),
    ),
)
