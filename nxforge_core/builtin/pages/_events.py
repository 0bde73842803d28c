"""What happened lately, as far as the reader may see it."""

from __future__ import annotations

from typing import Final

from nxforge_core.api import ui
from nxforge_core.builtin._caller import Caller
from nxforge_core.builtin._context import CoreContext
from nxforge_core.builtin._events import EventView, recent_events

from ._words import as_json

__all__ = ["EVENTS_PAGE"]

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
    title="Events",
    intro="What happened lately, as this process remembers it.",
    icon="list",
    permission="nxforge:events:read",
    body=(
        ui.Table(
            "Events",
            _rows,
            (
                ui.Column("at", "When", "age", sort=True),
                ui.Column("name", "Event", "code", sort=True),
                ui.Column("source", "From", sort=True),
                ui.Column("data", "Says", "code"),
                ui.Column("id", "Id", "code", hidden=True),
            ),
            search=True,
            every=5,
            empty="Nothing happened since the host started.",
        ),
    ),
)
