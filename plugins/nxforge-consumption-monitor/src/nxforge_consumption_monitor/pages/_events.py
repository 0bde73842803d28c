"""Breaks of registers: what the readings show, and what people decided about it."""

from __future__ import annotations

from typing import Final

from nxforge_consumption_monitor.meter_events import EventView, events
from nxforge_consumption_monitor.permissions import READ_READINGS
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext, load_texts, ui

from ._event_states import EVENT_ORDER, event_state
from ._words import named_options

__all__ = ["EVENTS_PAGE"]

say = load_texts(__package__)


async def _rows(ctx: PluginContext[MonitorSettings]) -> list[dict[str, object]]:
    found = await events(ctx)
    return [
        _row(each)
        for each in sorted(found, key=lambda each: EVENT_ORDER.index(each.state))
    ]


def _row(event: EventView) -> dict[str, object]:
    kind = event.type.replace("_", " ")
    return {
        "id": event.id,
        "phase": event.state,
        "event": ui.Link(f"{kind} {event.id}", "event", {"id": str(event.id)}),
        "state": event_state(event),
        "meter": ui.Link(event.endpoint_name, "endpoint", {"id": event.endpoint_id}),
        "at": event.timestamp,
        "old_kwh": event.old_kwh,
        "new_kwh": event.new_kwh,
        "origin": "readings" if event.origin == "auto" else "a person",
        "decided_by": event.decided_by or "",
        "note": event.note,
    }


EVENTS_PAGE: Final = ui.Page(
    name="events",
    title=say("Meter events"),
    intro=say("Resets, rollovers and replacements of registers; proposed ones first."),
    icon="pulse",
    permission=READ_READINGS,
    body=(
        ui.Table(
            say("Events"),
            _rows,
            (
                ui.Column("event", say("Event"), sort=True),
                ui.Column("state", say("State")),
                ui.Column("meter", say("Meter"), sort=True),
                ui.Column("at", say("When"), "time", sort=True),
                ui.Column("old_kwh", say("Old register"), "number", "kWh", places=3),
                ui.Column("new_kwh", say("New register"), "number", "kWh", places=3),
                ui.Column("origin", say("Seen by"), sort=True),
                ui.Column("note", say("Note"), hidden=True),
            ),
            key="id",
            search=True,
            filters=(ui.Filter("phase", say("State"), named_options(EVENT_ORDER)),),
            every=60,
            empty=say(
                "No register ever broke off. What a reset, a rollover or a new meter"
                " changes will wait here for a decision."
            ),
        ),
    ),
)
