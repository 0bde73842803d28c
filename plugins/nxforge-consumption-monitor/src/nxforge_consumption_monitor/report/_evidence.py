"""What a dispute about a month asks for: readings, meters and breaks of registers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

import msgspec

from nxforge_core.api import Connection, load_sql

__all__ = [
    "Around",
    "Break",
    "MeterThere",
    "around",
    "breaks_between",
    "meters_between",
]

_SQL: Final = load_sql("nxforge_consumption_monitor.report")


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """The readings around an instant; `n` counts from 1 in the order asked."""

    n: int
    before_ts: datetime | None
    before_register: Decimal | None
    before_kwh: Decimal | None
    after_ts: datetime | None
    after_register: Decimal | None
    after_kwh: Decimal | None

    def nearest(self, at: datetime) -> datetime | None:
        """The instant of the nearer one; the earlier of two as near."""
        if self.before_ts is None or self.after_ts is None:
            return self.before_ts or self.after_ts
        is_before = at - self.before_ts <= self.after_ts - at
        return self.before_ts if is_before else self.after_ts


class Break(msgspec.Struct, frozen=True, kw_only=True):
    """Where a register began anew."""

    endpoint_id: str
    channel: str
    ts: datetime
    type: str
    old_kwh: Decimal | None
    new_kwh: Decimal | None


class MeterThere(msgspec.Struct, frozen=True, kw_only=True):
    """A meter that an endpoint had; without a multiplier it is the endpoint's."""

    endpoint_id: str
    channel: str
    serial: str
    installed_at: datetime | None
    removed_at: datetime | None
    multiplier: Decimal | None

    def was_present(self, at: datetime) -> bool:
        """Whether it counted at an instant; from its installation on."""
        is_there = self.installed_at is None or self.installed_at <= at
        return is_there and (self.removed_at is None or at < self.removed_at)


async def around(
    connection: Connection, wanted: Sequence[tuple[str, str, datetime]]
) -> list[Around]:
    """The readings around each (endpoint, channel, instant), in the order asked."""
    return await connection.structs(
        Around,
        _SQL.month_evidence,
        [who for who, _, _ in wanted],
        [channel for _, channel, _ in wanted],
        [at for _, _, at in wanted],
    )


async def breaks_between(
    connection: Connection, ids: Sequence[str], low: datetime, high: datetime
) -> list[Break]:
    """Breaks of the registers of endpoints in [low, high), in order of time."""
    return await connection.structs(Break, _SQL.month_breaks, ids, low, high)


async def meters_between(
    connection: Connection, ids: Sequence[str], low: datetime, high: datetime
) -> list[MeterThere]:
    """Meters that endpoints had in [low, high), in order of time."""
    return await connection.structs(MeterThere, _SQL.month_meters, ids, low, high)
