"""One break of a register: what each decision would change, and the decision."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from nxforge_consumption_monitor.meter_events import (
    DecidedEventError,
    DecisionBody,
    DecisionView,
    EnterAgainError,
    confirm,
    dismiss,
    event,
)
from nxforge_consumption_monitor.permissions import READ_READINGS, WRITE_EVENTS
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import InvalidInputError, PluginContext, load_texts, ui

from ._event_states import event_state
from ._restated import CHANGE_COLUMNS, change_rows

__all__ = ["EVENT_PAGE"]

say = load_texts(__package__)

_Context = PluginContext[MonitorSettings]


class EventDecision(msgspec.Struct, frozen=True, kw_only=True):
    """What a person knows of it.

    Attributes:
        old_kwh: Where the old count ended, as the device showed it; empty: nobody
            knows.
        new_kwh: Where the new count began; empty: nobody knows.
    """

    old_kwh: Decimal | None = None
    new_kwh: Decimal | None = None
    note: Annotated[str, Meta(max_length=500)] = ""


def _number(params: ui.Params) -> int:
    text = params.get("id", "")
    if not (text.isascii() and text.isdigit() and len(text) < 19):  # noqa: PLR2004 - fits
        raise InvalidInputError(
            field="id", value=text, remedy="choose an event in the list of events"
        )
    return int(text)


async def _name(ctx: _Context, params: ui.Params) -> str:
    found = await event(ctx, _number(params))
    return f"{found.endpoint_name}: {found.type.replace('_', ' ')}"


async def _facts(ctx: _Context, params: ui.Params) -> list[ui.Fact]:
    found = await event(ctx, _number(params))
    link = ui.Link(found.endpoint_name, "endpoint", {"id": found.endpoint_id})
    return [
        ui.Fact(say("What"), found.type.replace("_", " ")),
        ui.Fact(say("State"), event_state(found)),
        ui.Fact(say("Meter"), link),
        ui.Fact(say("Channel"), found.channel),
        ui.Fact(say("When"), found.timestamp, "time"),
        ui.Fact(say("Old register ended at"), found.old_kwh, unit="kWh"),
        ui.Fact(say("New register began at"), found.new_kwh, unit="kWh"),
        ui.Fact(
            say("Seen by"), "the readings" if found.origin == "auto" else "a person"
        ),
        ui.Fact(say("Note"), found.note),
    ]


async def _if_confirmed(
    ctx: _Context, params: ui.Params, reader: ui.Reader
) -> list[dict[str, object]]:
    number = _number(params)
    try:
        found = await confirm(ctx, number, _AS_IT_IS, by=reader.name, preview=True)
    except (DecidedEventError, EnterAgainError):
        return []
    return change_rows(found.restated)


async def _if_dismissed(
    ctx: _Context, params: ui.Params, reader: ui.Reader
) -> list[dict[str, object]]:
    number = _number(params)
    try:
        found = await dismiss(ctx, number, _AS_IT_IS, by=reader.name, preview=True)
    except DecidedEventError:
        return []
    return change_rows(found.restated)


_AS_IT_IS: Final = DecisionBody()


async def _known(ctx: _Context, params: ui.Params) -> EventDecision:
    found = await event(ctx, _number(params))
    return EventDecision(old_kwh=found.old_kwh, new_kwh=found.new_kwh, note=found.note)


async def _confirm(
    ctx: _Context, data: EventDecision, params: ui.Params, reader: ui.Reader
) -> ui.Done:
    body = DecisionBody(old_kwh=data.old_kwh, new_kwh=data.new_kwh, note=data.note)
    found = await confirm(ctx, _number(params), body, by=reader.name)
    return _decided(found, "confirmed")


async def _dismiss(ctx: _Context, params: ui.Params, reader: ui.Reader) -> ui.Done:
    found = await dismiss(ctx, _number(params), _AS_IT_IS, by=reader.name)
    return _decided(found, "dismissed")


def _decided(found: DecisionView, word: str) -> ui.Done:
    months = [each for each in found.restated.changes if each.grain == "month"]
    words = say("Event {id} is {word}; {n} months changed.").format(
        id=found.event.id, word=word, n=len(months)
    )
    return ui.Done(words, go=ui.Link(say("Meter events"), "events"))


def _preview(title: str, source: ui.Source, name: str) -> ui.Table:
    return ui.Table(
        title,
        source,
        CHANGE_COLUMNS,
        name=name,
        permission=WRITE_EVENTS,
        csv=False,
        width="half",
        empty=say("It would change no energy."),
    )


EVENT_PAGE: Final = ui.Page(
    name="event",
    title=say("Meter event"),
    heading=_name,
    menu=False,
    permission=READ_READINGS,
    links=(ui.Link(say("All events"), "events"),),
    body=(
        ui.Detail(say("Event"), _facts),
        _preview(say("If it is confirmed"), _if_confirmed, "if-confirmed"),
        _preview(say("If it is dismissed"), _if_dismissed, "if-dismissed"),
        ui.Form(
            say("It was so"),
            EventDecision,
            _confirm,
            _known,
            {
                "old_kwh": ui.Field(say("Old register ended at"), unit="kWh"),
                "new_kwh": ui.Field(say("New register began at"), unit="kWh"),
            },
            name="confirm",
            button=say("Confirm"),
            permission=WRITE_EVENTS,
            width="half",
        ),
        ui.Action(
            say("Dismiss"),
            _dismiss,
            confirm=say(
                "Dismiss this event? The energy over the break is counted anew."
            ),
            text=say("It was not so: a page that was read wrong, for example."),
            permission=WRITE_EVENTS,
            width="half",
        ),
    ),
)
