"""Registers that a person read off and typed in."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated

import msgspec
from msgspec import Meta

from nxforge_consumption_monitor.meter_events import check_instant, check_register
from nxforge_consumption_monitor.models import COLLECTED, Collected
from nxforge_consumption_monitor.restate import Restatement, rehearse, restate
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store.books import Intake, Target, judged_at
from nxforge_core.api import Body, Connection, Model, PluginContext

from ._place import Offer, Placed, place
from ._target import find_target

__all__ = ["TypedReading", "TypedReadingView", "type_in"]


class TypedReading(Body):
    """A register that a person read off the meter.

    Attributes:
        endpoint: Id, name or external reference.
        timestamp: When it was read, with its offset.
        register_kwh: What the meter showed, kWh.
    """

    endpoint: Annotated[str, Meta(max_length=200)]
    timestamp: datetime
    register_kwh: Decimal
    channel: Annotated[str, Meta(pattern="^[a-z0-9_]{1,32}$")] = "total"
    note: Annotated[str, Meta(max_length=500)] = ""


class TypedReadingView(Model):
    """What became of a typed-in register, or as a preview would become.

    Attributes:
        outcome: `inserted`, `duplicate` of what is stored, or `replaced` it.
        quality: `manual` if it fits the readings around it, else `suspect` or
            `rejected`; `reason` says why.
        total_kwh: The unwrapped register there.
        restated: Days and months with another energy, before and after.
    """

    stored: bool
    endpoint_id: str
    channel: str
    timestamp: datetime
    register_kwh: Decimal
    note: str
    entered_by: str
    outcome: str
    quality: str
    reason: str
    total_kwh: Decimal | None
    restated: Restatement


async def type_in(
    ctx: PluginContext[MonitorSettings],
    body: TypedReading,
    *,
    by: str,
    preview: bool = False,
) -> TypedReadingView:
    """Store a register that a person read, and restate the history around it.

    It wins against a poll and an import of the same instant; the other one is kept as
    superseded.

    Raises:
        InvalidInputError: the instant has not come, or no meter shows the register.
        UnknownTargetError: there is no such endpoint.
    """
    at = check_instant("timestamp", body.timestamp, ctx.clock.now())

    async def work(connection: Connection) -> tuple[Target, TypedReadingView]:
        target = await find_target(connection, body.endpoint)
        check_register("registerKwh", body.register_kwh, target.largest_kwh)
        view = await _stored(connection, target, body, at, by)
        return target, msgspec.structs.replace(view, stored=not preview)

    target, view = await rehearse(ctx.db, work, keep=not preview)
    if view.stored and view.outcome != "duplicate":
        await ctx.events.publish(COLLECTED, _told(target, view))
    return view


async def _stored(
    connection: Connection, target: Target, body: TypedReading, at: datetime, by: str
) -> TypedReadingView:
    intake = Intake(
        endpoint_id=target.id,
        channel=body.channel,
        source="manual",
        note=body.note,
        entered_by=by,
    )
    placed = await place(connection, intake, [Offer(1, at, body.register_kwh)])
    restated = Restatement(endpoint_id=target.id)
    if placed.touched:
        restated = await restate(connection, target.id, at, channels=[body.channel])
    judged = await judged_at(connection, target.id, body.channel, at)
    return TypedReadingView(
        stored=True,
        endpoint_id=target.id,
        channel=body.channel,
        timestamp=at,
        register_kwh=body.register_kwh,
        note=body.note,
        entered_by=by,
        outcome=_outcome(placed),
        quality=judged.quality if judged else "rejected",
        reason=judged.reason if judged else "",
        total_kwh=judged.total_kwh if judged else None,
        restated=restated,
    )


def _told(target: Target, view: TypedReadingView) -> Collected:
    return Collected(
        source="manual",
        type="consumption",
        endpoint_id=target.id,
        endpoint_name=target.name,
        group_id=target.group_id,
        channel=view.channel,
        total_kwh=view.register_kwh,
        current_kwh=None,
        power=None,
        voltage=None,
        current=None,
        quality=view.quality,
        timestamp=view.timestamp,
    )


def _outcome(placed: Placed) -> str:
    if placed.inserted:
        return "inserted"
    return "replaced" if placed.replaced else "duplicate"
