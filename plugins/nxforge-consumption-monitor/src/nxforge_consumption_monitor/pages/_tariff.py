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
from nxforge_core.api import InvalidInputError, PluginContext, load_texts, ui

from ._tariff_entry import TARIFF_FIELDS, TariffEntry, entry_of, new_entry, tariff_of
from ._tariff_prices import ends_of, price_now, price_words, state_of_price
from ._tariff_subjects import BILL, SUBJECTS

__all__ = ["TARIFF_PAGE"]

say = load_texts(__package__)

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
    none = ui.State(say("none"), "warning", say("months of now cannot be billed"))
    return [
        ui.Fact(say("Tariff"), tariff.name),
        ui.Fact(say("Price now"), price_words(price) if price else none),
        ui.Fact(say("Currency"), tariff.currency),
        ui.Fact(say("Changed"), tariff.updated_at, "time"),
        ui.Fact(
            say("Settled until"), tariff.settled_until or "no month is locked", "time"
        ),
        ui.Fact(say("Id for the API"), tariff.id, "code"),
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
                say("change"), "tariff", {"id": tariff.id, "price": str(place)}
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
    words = say("{name} has this price from {valid_from} on.").format(
        name=stored.name, valid_from=data.valid_from
    )
    return ui.Done(words, go=ui.Link(stored.name, "tariff", {"id": stored.id}))


async def _drop(ctx: _Context, keys: Sequence[str], params: ui.Params) -> ui.Done:
    tariff = await _asked(ctx, params)
    gone = _chosen(tariff, keys[0])
    rest = tuple(each for each in tariff.prices if each is not gone)
    body = TariffBody(name=tariff.name, currency=tariff.currency, prices=rest)
    await change_tariff(ctx.db, tariff.id, body)
    return ui.Done(
        say("{name} has {n} prices now.").format(name=tariff.name, n=len(rest))
    )


async def _remove(ctx: _Context, params: ui.Params) -> ui.Done:
    tariff = await _asked(ctx, params)
    await remove_tariff(ctx.db, tariff.id)
    return ui.Done(
        say("{name} is deleted.").format(name=tariff.name),
        go=ui.Link(say("Tariffs"), "tariffs"),
    )


def _zone(ctx: _Context) -> ZoneInfo:
    return ZoneInfo(ctx.settings.time_zone)


_PRICES: Final = ui.Table(
    say("Prices"),
    _prices,
    (
        ui.Column("first", say("From"), sort=True),
        ui.Column("last", say("To")),
        ui.Column("state", say("State")),
        ui.Column("price", say("Price of a kWh")),
        ui.Column("fixed_monthly", say("Monthly"), "number"),
        ui.Column("demand", say("Demand per kW"), "number"),
        ui.Column("tax", say("Tax"), "number", "%"),
        ui.Column("pue", say("PUE"), "number", hidden=True),
        ui.Column("change", say("Change")),
    ),
    key="key",
    sort="-first",
    actions=(
        ui.RowAction(
            "drop",
            say("Delete"),
            _drop,
            WRITE_TARIFFS,
            confirm=say("Delete this price? The one before it holds in its place."),
            style="danger",
        ),
    ),
    empty=say("No price: nothing can be billed. Enter one below."),
)

TARIFF_PAGE: Final = ui.Page(
    name="tariff",
    title=say("Tariff"),
    heading=_name,
    menu=False,
    permission=READ_TARIFFS,
    links=(ui.Link(say("All tariffs"), "tariffs"),),
    body=(
        ui.Detail(say("Tariff"), _facts, empty=say("There is no such tariff.")),
        BILL,
        SUBJECTS,
        _PRICES,
        ui.Form(
            say("What holds from a day on"),
            TariffEntry,
            _store,
            _held,
            TARIFF_FIELDS,
            name="price",
            text=say("Give another first day to add a price, the same to change it."),
            button=say("Store the price"),
            permission=WRITE_TARIFFS,
            layout="columns",
        ),
        ui.Action(
            say("Delete the tariff"),
            _remove,
            confirm=say(
                "Delete this tariff and its prices? One that bills somebody stays."
            ),
            style="danger",
            permission=WRITE_TARIFFS,
        ),
    ),
)
