"""What a kWh costs: the tariffs, and the form of a new one."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

from nxforge_consumption_monitor.permissions import READ_TARIFFS, WRITE_TARIFFS
from nxforge_consumption_monitor.register import local_day
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.tariffs import (
    TariffView,
    create_tariff,
    list_tariffs,
)
from nxforge_core.api import PluginContext, load_texts, ui

from ._tariff_entry import TARIFF_FIELDS, TariffEntry, new_entry, tariff_of
from ._tariff_prices import price_now, price_words

__all__ = ["TARIFFS_PAGE"]

say = load_texts(__package__)

_Context = PluginContext[MonitorSettings]


async def _rows(ctx: _Context) -> list[dict[str, object]]:
    return [_row(ctx, each) for each in await list_tariffs(ctx.db)]


def _row(ctx: _Context, tariff: TariffView) -> dict[str, object]:
    price = price_now(tariff, ctx.clock.now())
    return {
        "tariff": ui.Link(tariff.name, "tariff", {"id": tariff.id}),
        "price": price_words(price) if price else "none now",
        "currency": tariff.currency,
        "prices": len(tariff.prices),
        "assigned": tariff.assigned
        or ui.State(say("nothing"), "warning", say("choose on its page whom it bills")),
        "settled_until": tariff.settled_until or "",
    }


async def _fresh(ctx: _Context) -> dict[str, object]:
    return new_entry(local_day(ctx.clock.now(), _zone(ctx)))


async def _add(ctx: _Context, data: TariffEntry) -> ui.Done:
    stored = await create_tariff(ctx.db, tariff_of(data, (), _zone(ctx)))
    words = say("{name} is stored. Now choose whom it bills.").format(name=stored.name)
    return ui.Done(words, go=ui.Link(stored.name, "tariff", {"id": stored.id}))


def _zone(ctx: _Context) -> ZoneInfo:
    return ZoneInfo(ctx.settings.time_zone)


TARIFFS_PAGE: Final = ui.Page(
    name="tariffs",
    title=say("Tariffs"),
    intro=say("What a kWh costs, from which day on, and who is billed by it."),
    icon="table",
    permission=READ_TARIFFS,
    body=(
        ui.Table(
            say("Tariffs"),
            _rows,
            (
                ui.Column("tariff", say("Tariff"), sort=True),
                ui.Column("price", say("Price now")),
                ui.Column("currency", say("Currency"), sort=True),
                ui.Column("prices", say("Prices"), "number"),
                ui.Column("assigned", say("Bills"), "number"),
                ui.Column("settled_until", say("Settled until"), "time", hidden=True),
            ),
            sort="tariff",
            search=True,
            empty=say("No tariff yet. With one, reports say what the energy costs."),
        ),
        ui.Form(
            say("Add a tariff"),
            TariffEntry,
            _add,
            _fresh,
            TARIFF_FIELDS,
            text=say("A name, a currency and a price are enough."),
            button=say("Add the tariff"),
            permission=WRITE_TARIFFS,
            layout="columns",
        ),
    ),
)
