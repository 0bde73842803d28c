"""Readings that somebody knows to be bad: taken out, or put back."""

from __future__ import annotations

from typing import Final

from nxforge_consumption_monitor import marks
from nxforge_consumption_monitor.marks import MarkView
from nxforge_consumption_monitor.permissions import READ_READINGS, WRITE_READINGS
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext, load_texts, ui

from ._choices import meter_choices
from ._mark_deeds import (
    ReadingsNote,
    ReadingsNoteOrNone,
    ReadingsToMark,
    changes,
    choose,
    chosen,
    exclude,
    outcome,
    restore,
)
from ._restated import CHANGE_COLUMNS

__all__ = ["MARK_PAGE"]

say = load_texts(__package__)

_Context = PluginContext[MonitorSettings]


async def _rows(ctx: _Context, params: ui.Params) -> list[dict[str, object]]:
    endpoint = params.get("endpoint", "")
    if not endpoint:
        return []
    return [_row(each) for each in await marks.marks(ctx, endpoint, None, None)]


def _row(mark: MarkView) -> dict[str, object]:
    bad = mark.action == "exclude"
    return {
        "at": mark.timestamp,
        "action": ui.State(say("bad"), "bad")
        if bad
        else ui.State(say("good again"), "ok"),
        "register_kwh": mark.register_kwh,
        "note": mark.note,
        "done_by": mark.done_by,
        "done_at": mark.done_at,
        "channel": mark.channel,
    }


MARK_PAGE: Final = ui.Page(
    name="mark",
    title=say("Mark readings"),
    intro=say(
        "What is marked as bad stays stored and counts for nothing, until it is put"
        " back."
    ),
    menu=False,
    permission=READ_READINGS,
    windows=(),
    links=(ui.Link(say("History"), "history"),),
    body=(
        ui.Form(
            say("Which readings"),
            ReadingsToMark,
            choose,
            chosen,
            {
                "endpoint": ui.Field(say("Meter"), choices=meter_choices),
                "first": ui.Field(say("From")),
                "last": ui.Field(say("To")),
                "mark": ui.Field(
                    say("Mark as"),
                    options=[("bad", say("bad")), ("good", say("good again"))],
                ),
            },
            name="which",
            button=say("See what it would change"),
            permission=WRITE_READINGS,
            layout="columns",
        ),
        ui.Notices(
            say("What would become of it"),
            outcome,
            name="outcome",
            needs="at",
            permission=WRITE_READINGS,
        ),
        ui.Form(
            say("Mark as bad"),
            ReadingsNote,
            exclude,
            fields={"note": ui.Field(say("Why"))},
            name="bad",
            needs="bad",
            button=say("Mark as bad"),
            permission=WRITE_READINGS,
        ),
        ui.Form(
            say("Put back"),
            ReadingsNoteOrNone,
            restore,
            fields={"note": ui.Field(say("Why"))},
            name="good",
            needs="good",
            button=say("Put back"),
            permission=WRITE_READINGS,
        ),
        ui.Table(
            say("Days and months with another energy"),
            changes,
            CHANGE_COLUMNS,
            name="changes",
            needs="at",
            csv=False,
            size=20,
            permission=WRITE_READINGS,
            empty=say("It would change no energy."),
        ),
        ui.Table(
            say("Marked so far"),
            _rows,
            (
                ui.Column("at", say("Reading"), "time", sort=True),
                ui.Column("action", say("Marked as")),
                ui.Column("register_kwh", say("Register"), "number", "kWh", places=3),
                ui.Column("note", say("Why")),
                ui.Column("done_by", say("By"), sort=True),
                ui.Column("done_at", say("When"), "time", sort=True),
                ui.Column("channel", say("Channel"), hidden=True),
            ),
            name="marks",
            needs="endpoint",
            size=20,
            empty=say("No reading of this meter was ever marked."),
        ),
    ),
)
