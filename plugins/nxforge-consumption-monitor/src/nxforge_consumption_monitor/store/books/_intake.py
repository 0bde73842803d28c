"""Readings that people bring in, beside those that are stored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

import msgspec

from nxforge_consumption_monitor.store import SQL
from nxforge_core.api import Connection

__all__ = [
    "Intake",
    "Judged",
    "JudgedCount",
    "StoredAt",
    "SupersededReading",
    "Target",
    "delete_superseded_before",
    "insert_offers",
    "judged_at",
    "judged_of_import",
    "known_targets",
    "list_superseded",
    "register_before",
    "stored_at",
    "supersede_offers",
    "supersede_stored",
]


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """An endpoint that readings are brought in for."""

    id: str
    name: str
    group_id: str | None
    tz: str
    multiplier: Decimal
    modulus_kwh: Decimal | None
    register_digits: int | None

    @property
    def largest_kwh(self) -> Decimal | None:
        """More its register cannot show; None where nobody said it."""
        if self.modulus_kwh is not None or self.register_digits is None:
            return self.modulus_kwh
        return Decimal(10) ** self.register_digits


class Intake(msgspec.Struct, frozen=True, kw_only=True):
    """Where readings go, where they come from, and who brings them."""

    endpoint_id: str
    channel: str
    source: str
    import_id: int | None = None
    note: str | None = None
    entered_by: str = ""


class StoredAt(msgspec.Struct, frozen=True, kw_only=True):
    """The reading that is stored at an instant."""

    ts: datetime
    register_kwh: Decimal | None
    quality: str
    reason: str
    source: str
    import_id: int | None


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """What a reading is worth."""

    quality: str
    reason: str
    total_kwh: Decimal | None


class JudgedCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many readings are worth the same."""

    quality: str
    reason: str
    readings: int


class SupersededReading(msgspec.Struct, frozen=True, kw_only=True):
    """A reading that lost against another one of its instant."""

    id: int
    endpoint_id: str
    channel: str
    ts: datetime
    register_kwh: Decimal | None
    source: str
    won_by: str
    import_id: int | None
    note: str | None
    entered_by: str | None
    superseded_at: datetime


async def known_targets(connection: Connection, reference: str) -> list[Target]:
    """Endpoints with this id, name or external reference; the best match first."""
    return await connection.structs(Target, SQL.known_target, reference)


async def stored_at(
    connection: Connection, intake: Intake, instants: Sequence[datetime]
) -> dict[datetime, StoredAt]:
    """What is stored at instants."""
    found = await connection.structs(
        StoredAt, SQL.stored_at, intake.endpoint_id, intake.channel, instants
    )
    return {each.ts: each for each in found}


async def register_before(
    connection: Connection, endpoint_id: str, channel: str, at: datetime
) -> Decimal | None:
    """The last good register at or before an instant."""
    found: Decimal | None = await connection.fetchval(
        SQL.register_before, endpoint_id, channel, at
    )
    return found


async def insert_offers(
    connection: Connection,
    intake: Intake,
    offers: Sequence[tuple[datetime, Decimal, Decimal | None]],
) -> None:
    """Store readings: instant, register, resolution. They are judged afterwards."""
    if not offers:
        return
    instants, registers, resolutions = zip(*offers, strict=True)
    await connection.execute(
        SQL.insert_offers,
        intake.endpoint_id,
        intake.channel,
        instants,
        intake.source,
        intake.import_id,
        intake.note,
        intake.entered_by,
        registers,
        resolutions,
    )


async def supersede_stored(
    connection: Connection, intake: Intake, instants: Sequence[datetime]
) -> None:
    """Free the place of readings that lose."""
    if instants:
        await connection.execute(
            SQL.supersede_stored,
            intake.endpoint_id,
            intake.channel,
            instants,
            intake.source,
        )


async def supersede_offers(
    connection: Connection,
    intake: Intake,
    lost: Sequence[tuple[datetime, Decimal, str]],
) -> None:
    """Keep what lost: instant, register, and which source won."""
    if not lost:
        return
    instants, registers, winners = zip(*lost, strict=True)
    await connection.execute(
        SQL.supersede_offers,
        intake.endpoint_id,
        intake.channel,
        instants,
        intake.source,
        intake.import_id,
        intake.note,
        intake.entered_by,
        registers,
        winners,
    )


async def judged_at(
    connection: Connection, endpoint_id: str, channel: str, at: datetime
) -> Judged | None:
    """What became of the reading at an instant."""
    found = await connection.structs(Judged, SQL.judged_at, endpoint_id, channel, at)
    return found[0] if found else None


async def judged_of_import(
    connection: Connection, intake: Intake, first: datetime, last: datetime
) -> list[JudgedCount]:
    """What became of the readings of an import."""
    return await connection.structs(
        JudgedCount,
        SQL.judged_of_import,
        intake.endpoint_id,
        intake.channel,
        first,
        last,
        intake.import_id,
    )


async def list_superseded(
    connection: Connection,
    endpoint_id: str,
    bounds: tuple[datetime | None, datetime | None],
    limit: int,
) -> list[SupersededReading]:
    """Readings of an endpoint that lost, newest first."""
    return await connection.structs(
        SupersededReading, SQL.list_superseded, endpoint_id, *bounds, limit
    )


async def delete_superseded_before(connection: Connection, instant: datetime) -> int:
    """Delete old readings that lost; answers how many."""
    return int(await connection.fetchval(SQL.delete_superseded_before, instant))
