"""What was read of the chosen meters, and the way to mark it as bad."""

from __future__ import annotations

from typing import Final

from nxforge_consumption_monitor.permissions import WRITE_READINGS
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext, load_texts, ui

from ._history_asked import chosen_ids
from ._mark_deeds import EXCLUDED, mark_link
from ._reads import Read, readings_between
from ._states import QUALITY_LEVELS
from ._words import named

__all__ = ["HISTORY_READINGS"]

say = load_texts(__package__)

_Context = PluginContext[MonitorSettings]


async def _rows(
    ctx: _Context,
    window: ui.Window,
    params: ui.Params,
    query: ui.Query,
    reader: ui.Reader,
) -> ui.Rows:
    ids = await chosen_ids(ctx, params)
    span = window.start, window.end
    page = query.limit + 1, query.offset
    found = await readings_between(ctx.db, ids, span, page)
    may_mark = reader.may(WRITE_READINGS)
    rows = [_row(each, may_mark=may_mark) for each in found[: query.limit]]
    return ui.Rows(rows, more=len(found) > query.limit)


def _row(read: Read, *, may_mark: bool) -> dict[str, object]:
    excluded = read.reason == EXCLUDED
    mark = mark_link(read.endpoint_id, "total", read.ts, excluded=excluded)
    return {
        "at": read.ts,
        "meter": ui.Link(read.name, "endpoint", {"id": read.endpoint_id}),
        "state": ui.State(
            named(read.quality),
            QUALITY_LEVELS.get(read.quality, "info"),
            named(read.reason),
        ),
        "register_kwh": read.register_kwh,
        "power_kw": read.power_kw,
        "mark": mark if may_mark else "",
    }


HISTORY_READINGS: Final = ui.Table(
    say("Readings"),
    _rows,
    (
        ui.Column("at", say("Time"), "time"),
        ui.Column("meter", say("Meter")),
        ui.Column("state", say("Quality")),
        ui.Column("register_kwh", say("Register"), "number", "kWh", places=3),
        ui.Column("power_kw", say("Load"), "number", "kW", places=3),
        ui.Column("mark", say("Mark")),
    ),
    size=20,
    empty=say("Nothing was read in this span of time."),
)
