"""Meters that come and go."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec

from nxforge_consumption_monitor.store import SQL
from nxforge_core.api import Connection

__all__ = ["NewMeter", "assign_meters", "join_meters", "split_meter"]


class NewMeter(msgspec.Struct, frozen=True, kw_only=True):
    """A meter that takes the place of another one.

    Attributes:
        multiplier: None: as before; so is the modulus.
    """

    endpoint_id: str
    channel: str
    since: datetime
    final_kwh: Decimal | None = None
    old_serial: str = ""
    initial_kwh: Decimal | None = None
    serial: str = ""
    multiplier: Decimal | None = None
    modulus_kwh: Decimal | None = None


async def split_meter(connection: Connection, new: NewMeter) -> None:
    """Let the meter of a channel end, and another one begin.

    One that is taken away keeps what it was multiplied by, whatever the endpoint says
    later.
    """
    old = await connection.fetchrow(
        SQL.split_meter,
        new.endpoint_id,
        new.channel,
        new.since,
        new.final_kwh,
        new.old_serial,
    )
    assert old is not None  # noqa: S101 - the statement answers one row in any case
    await connection.execute(
        SQL.insert_meter,
        new.endpoint_id,
        new.channel,
        new.since,
        old["removed_at"],
        new.serial,
        new.initial_kwh,
        new.multiplier or old["multiplier"],
        new.modulus_kwh or old["modulus_kwh"],
    )


async def join_meters(
    connection: Connection, endpoint_id: str, channel: str, since: datetime
) -> None:
    """Take back that another meter came at an instant."""
    before = await connection.fetchrow(SQL.join_meters, endpoint_id, channel, since)
    if before is not None:
        await connection.execute(
            SQL.reopen_meter,
            before["id"],
            before["removed_at"],
            before["multiplier"],
        )


async def assign_meters(
    connection: Connection, endpoint_id: str, channel: str, since: datetime
) -> None:
    """Say of the readings from an instant on which meter they are of."""
    await connection.execute(SQL.assign_meters, endpoint_id, channel, since)
