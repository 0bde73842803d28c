"""What happened lately, as far as the reader may see it."""

from __future__ import annotations

from typing import Final

from nxforge_core.api import load_texts, ui
from nxforge_core.builtin._caller import Caller
from nxforge_core.builtin._context import CoreContext
from nxforge_core.builtin._events import EventView, recent_events

from ._words import as_json

__all__ = ["EVENTS_PAGE"]

say = load_texts("nxforge_core")

_NEWEST: Final = 500


async def _rows(ctx: CoreContext, reader: Caller) -> list[dict[str, object]]:
    found = await recent_events(ctx, reader.request, limit=_NEWEST)
    return [_row(each) for each in found]


def _row(event: EventView) -> dict[str, object]:
    return {
        "at": event.at,
        "name": event.name,
        "source": event.source,
        "data": as_json(event.data),
        "id": event.id,
    }


EVENTS_PAGE: Final = ui.Page(
    name="events",
    title=say("Events"),
    intro=say("What happened lately, as this process remembers it."),
    icon="list",
    permission="nxforge:events:read",
    body=(
        ui.Table(
            say("Events"),
            _rows,
            (
                ui.Column("at", say("When"), "age", sort=True),
                ui.Column("name", say("Event"), "code", sort=True),
                ui.Column("source", say("From"), sort=True),
                ui.Column("data", say("Says"), "code"),
                ui.Column("id", say("Id"), "code", hidden=True),
            ),
            search=True,
            every=5,
            empty=say("Nothing happened since the host started."),
        ),
    ),
)
