"""Confirming and dismissing events."""

from __future__ import annotations

from decimal import Decimal

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from nxforge_consumption_monitor.restate import rehearse
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store.books import (
    NewMeter,
    StoredEvent,
    decide_event,
    join_meters,
    split_meter,
)
from nxforge_core.api import Connection, PluginContext

from ._check import check_register
from ._errors import DecidedEventError, EnterAgainError
from ._known import held
from ._outcome import found, outcome
from ._views import DecisionBody, DecisionView

__all__ = ["confirm", "dismiss"]

_Context = PluginContext[MonitorSettings]


async def confirm(
    ctx: _Context,
    event_id: int,
    body: DecisionBody,
    *,
    by: str,
    preview: bool = False,
) -> DecisionView:
    """Say that it was so, with better registers where a person knows them.

    Raises:
        UnknownEventError: there is no such event.
        DecidedEventError: it is confirmed already.
        EnterAgainError: it is a changed multiplier that was dismissed.
        InvalidInputError: a register is none.
    """

    async def work(connection: Connection) -> DecisionView:
        event = await _to_decide(connection, event_id, "confirmed")
        if event.type == "multiplier_change":
            raise EnterAgainError(event.id)
        endpoint = await held(connection, event.endpoint_id)
        decided = replace(
            event,
            state="confirmed",
            old_kwh=_register("oldKwh", body.old_kwh, event.old_kwh),
            new_kwh=_register("newKwh", body.new_kwh, event.new_kwh),
            note=event.note if body.note is UNSET else body.note,
        )
        await decide_event(connection, decided, by, ctx.clock.now())
        if event.type == "replacement":
            await split_meter(connection, _meter(decided))
        return await outcome(connection, endpoint, event_id, stored=not preview)

    return await rehearse(ctx.db, work, keep=not preview)


async def dismiss(
    ctx: _Context,
    event_id: int,
    body: DecisionBody,
    *,
    by: str,
    preview: bool = False,
) -> DecisionView:
    """Say that it was not so.

    What was found in the readings and dismissed is a break over which nothing is
    counted; what a person had entered never was.

    Raises:
        UnknownEventError: there is no such event.
        DecidedEventError: it is dismissed already.
    """

    async def work(connection: Connection) -> DecisionView:
        event = await _to_decide(connection, event_id, "dismissed")
        endpoint = await held(connection, event.endpoint_id)
        decided = replace(
            event,
            state="dismissed",
            note=event.note if body.note is UNSET else body.note,
        )
        await decide_event(connection, decided, by, ctx.clock.now())
        if event.state == "confirmed" and event.type in {
            "replacement",
            "multiplier_change",
        }:
            await join_meters(connection, endpoint.id, event.channel, event.ts)
        return await outcome(connection, endpoint, event_id, stored=not preview)

    return await rehearse(ctx.db, work, keep=not preview)


async def _to_decide(connection: Connection, event_id: int, state: str) -> StoredEvent:
    event = await found(connection, event_id)
    if event.state == state:
        raise DecidedEventError(event.id, event.state, event.decided_by)
    return event


def _register(
    field: str, given: Decimal | UnsetType | None, known: Decimal | None
) -> Decimal | None:
    return known if given is UNSET else check_register(field, given)


def _meter(event: StoredEvent) -> NewMeter:
    return NewMeter(
        endpoint_id=event.endpoint_id,
        channel=event.channel,
        since=event.ts,
        final_kwh=event.old_kwh,
        initial_kwh=event.new_kwh,
    )
