"""Entering an event that nobody proposed."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from msgspec import UNSET

from nxforge_consumption_monitor.restate import rehearse
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store import HeldEndpoint
from nxforge_consumption_monitor.store.books import (
    Around,
    NewEvent,
    NewMeter,
    event_at,
    insert_event,
    readings_around,
    split_meter,
)
from nxforge_core.api import Connection, InvalidInputError, PluginContext

from ._check import check_instant, check_register
from ._errors import DuplicateEventError
from ._known import held, known_channel, modulus_of
from ._outcome import outcome
from ._views import DecisionView, EventBody

__all__ = ["enter"]


async def enter(
    ctx: PluginContext[MonitorSettings],
    body: EventBody,
    *,
    by: str,
    preview: bool = False,
) -> DecisionView:
    """Enter an event, which counts at once, and restate the history from it on.

    Args:
        ctx: Of the host.
        body: The event.
        by: Who says so.
        preview: Say what it would change, and store nothing.

    Raises:
        UnknownItemError: there is no such endpoint.
        InvalidInputError: a value is not acceptable.
        DuplicateEventError: the channel has one of the type at that instant.
    """
    at = check_instant("timestamp", body.timestamp, ctx.clock.now())
    _check(body)

    async def work(connection: Connection) -> DecisionView:
        endpoint = await held(connection, body.endpoint_id)
        await known_channel(connection, endpoint.id, body.channel)
        around = await readings_around(connection, endpoint.id, body.channel, at)
        event = _event(endpoint, body, around, at)
        new = NewEvent(
            endpoint_id=endpoint.id,
            channel=body.channel,
            ts=at,
            type=body.type,
            old_kwh=event[0],
            new_kwh=event[1],
            note=body.note,
            decided_by=by,
            decided_at=ctx.clock.now(),
        )
        event_id = await insert_event(connection, new)
        if event_id is None:
            raise DuplicateEventError(body.type, at, await event_at(connection, new))
        if body.type in {"replacement", "multiplier_change"}:
            await split_meter(connection, _meter(body, new))
        return await outcome(connection, endpoint, event_id, stored=not preview)

    return await rehearse(ctx.db, work, keep=not preview)


def _check(body: EventBody) -> None:
    is_change = body.type == "multiplier_change"
    if is_change and body.multiplier is None:
        remedy = "give the multiplier that holds from then on"
        raise InvalidInputError(field="multiplier", value=None, remedy=remedy)
    if body.multiplier is not None and body.type not in {
        "replacement",
        "multiplier_change",
    }:
        remedy = "leave it out: only another meter or a changed multiplier has one"
        raise InvalidInputError(
            field="multiplier", value=str(body.multiplier), remedy=remedy
        )
    for field in ("multiplier", "modulus_kwh"):
        value = getattr(body, field)
        if value is not None and not (
            value.is_finite() and 0 < value < Decimal("1e12")
        ):
            remedy = "give a number above 0"
            raise InvalidInputError(field=field, value=str(value), remedy=remedy)


def _event(
    endpoint: HeldEndpoint, body: EventBody, around: Around, at: datetime
) -> tuple[Decimal | None, Decimal | None]:
    """Both registers of the event: as given, else by its type."""
    modulus = modulus_of(endpoint)
    if body.type == "rollover" and modulus is None and body.old_kwh is UNSET:
        remedy = (
            "give as 'oldKwh' the first value that the register cannot show, or the "
            "endpoint's registerDigits"
        )
        raise InvalidInputError(field="oldKwh", value=None, remedy=remedy)
    old = _old(body, around, modulus) if body.old_kwh is UNSET else body.old_kwh
    new = _new(body, around, old) if body.new_kwh is UNSET else body.new_kwh
    # Another meter has another modulus, and a register may have ended beyond one.
    bound = modulus if body.type in {"reset", "rollover"} else None
    del at
    return (
        check_register("oldKwh", old, bound),
        check_register("newKwh", new, body.modulus_kwh or bound),
    )


def _old(body: EventBody, around: Around, modulus: Decimal | None) -> Decimal | None:
    if body.type == "rollover":
        return modulus
    if body.type in {"reset", "jump", "correction"}:
        return around.before_register
    return None


def _new(body: EventBody, around: Around, old: Decimal | None) -> Decimal | None:
    match body.type:
        case "rollover" | "reset":
            return Decimal(0)
        case "jump":
            return around.after_register
        case "multiplier_change":
            return old
        case _:
            return None


def _meter(body: EventBody, event: NewEvent) -> NewMeter:
    is_other = body.type == "replacement"
    return NewMeter(
        endpoint_id=event.endpoint_id,
        channel=event.channel,
        since=event.ts,
        final_kwh=event.old_kwh,
        old_serial=body.old_serial,
        initial_kwh=event.new_kwh,
        serial=body.new_serial if is_other else body.new_serial or body.old_serial,
        multiplier=body.multiplier,
        modulus_kwh=body.modulus_kwh,
    )
