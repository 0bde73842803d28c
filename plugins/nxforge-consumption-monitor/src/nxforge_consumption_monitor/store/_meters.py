"""The physical meters behind endpoints."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec

from nxforge_core.api import Connection

from ._statements import SQL

__all__ = ["StoredMeter", "keep_multiplier", "list_meters"]


class StoredMeter(msgspec.Struct, frozen=True, kw_only=True):
    """A meter of one channel.

    Attributes:
        installed_at: None: since the first reading.
        removed_at: None: it is there now.
        multiplier: None: the endpoint's; so is the modulus.
    """

    id: int
    channel: str
    serial: str
    installed_at: datetime | None
    removed_at: datetime | None
    initial_kwh: Decimal | None
    final_kwh: Decimal | None
    multiplier: Decimal | None
    modulus_kwh: Decimal | None

    def was_present(self, at: datetime) -> bool:
        """Whether it counted at an instant; from its installation on."""
        is_there = self.installed_at is None or self.installed_at <= at
        return is_there and (self.removed_at is None or at < self.removed_at)


async def list_meters(connection: Connection, endpoint_id: str) -> list[StoredMeter]:
    """All meters of an endpoint, each channel's in order of time."""
    return await connection.structs(StoredMeter, SQL.list_meters, endpoint_id)


async def keep_multiplier(
    connection: Connection, endpoint_id: str, multiplier: Decimal, until: datetime
) -> None:
    """Remember by what the registers read so far are multiplied.

    A changed multiplier holds from then on; a replay of the readings before must not
    multiply them by the new one.
    """
    await connection.execute(SQL.close_meters, endpoint_id, until, multiplier)
    await connection.execute(SQL.keep_multiplier, endpoint_id, until, multiplier)
