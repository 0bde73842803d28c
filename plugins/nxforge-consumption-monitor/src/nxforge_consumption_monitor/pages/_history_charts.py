"""What the explorer draws."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from nxforge_consumption_monitor.meter_events import events
from nxforge_consumption_monitor.models import EndpointSeries
from nxforge_consumption_monitor.series import series
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext, ui

from ._history_asked import chosen_ids, shift_of
from ._lines import energy_line, energy_note, power_line, power_note, query_of

__all__ = ["energy_chart", "gap_rows", "heat_chart", "power_chart"]

_Context = PluginContext[MonitorSettings]


async def power_chart(ctx: _Context, window: ui.Window, params: ui.Params) -> ui.Series:
    """Power with its bands, the events of the meters, and the time to compare with."""
    ids = await chosen_ids(ctx, params)
    found = await _found(ctx, ids, window, "power")
    lines = [power_line(each) for each in found]
    shift = shift_of(params)
    if shift is not None:
        lines += await _shifted(ctx, ids, window, *shift)
    marks = await _marks(ctx, ids, window)
    return ui.Series(lines, marks=marks, note=power_note(found))


async def energy_chart(
    ctx: _Context, window: ui.Window, params: ui.Params
) -> ui.Series:
    """Energy in bars."""
    ids = await chosen_ids(ctx, params)
    found = await _found(ctx, ids, window, "energy")
    return ui.Series([energy_line(each) for each in found], note=energy_note(found))


async def heat_chart(ctx: _Context, window: ui.Window, params: ui.Params) -> ui.Series:
    """The energy of each hour as a colour."""
    ids = await chosen_ids(ctx, params)
    found = await _found(ctx, ids, window, "energy", "hour")
    return ui.Series([energy_line(each) for each in found])


async def gap_rows(
    ctx: _Context, window: ui.Window, params: ui.Params
) -> list[dict[str, object]]:
    """Time of which nothing is known."""
    ids = await chosen_ids(ctx, params)
    return [
        {
            "meter": ui.Link(each.endpoint_name, "endpoint", {"id": each.endpoint_id}),
            "start": gap.start,
            "end": gap.end,
            "seconds": gap.seconds,
        }
        for each in await _found(ctx, ids, window, "power")
        for gap in each.gaps
    ]


async def _found(
    ctx: _Context,
    ids: Sequence[str],
    window: ui.Window,
    fields: str,
    grain: str = "auto",
) -> list[EndpointSeries]:
    if not ids:
        return []
    return (await series(ctx, query_of(ids, window, fields, grain))).series


async def _shifted(
    ctx: _Context, ids: Sequence[str], window: ui.Window, days: timedelta, words: str
) -> list[ui.Line]:
    # The same time by the clock of the site: where summer time began or ended since,
    # a day is no 24 hours.
    start = window.start.astimezone(ZoneInfo(ctx.settings.time_zone))
    back = window.start - (start - days).astimezone(UTC)
    before = ui.Window(window.start - back, window.end - back, window.points)
    return [
        replace(
            line,
            label=f"{line.label}, {words}",
            at=[at + back for at in line.at],
            low=(),
            high=(),
        )
        for line in map(power_line, await _found(ctx, ids, before, "power"))
    ]


async def _marks(ctx: _Context, ids: Sequence[str], window: ui.Window) -> list[ui.Mark]:
    span = window.start, window.end
    return [
        ui.Mark(
            each.timestamp,
            f"{each.endpoint_name}: {each.type.replace('_', ' ')}, {each.state}",
            "warning" if each.state == "proposed" else "info",
        )
        for one in ids
        for each in await events(ctx, endpoint_id=one, between=span)
    ]
