"""What a restatement writes of one channel."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

import msgspec

from nxforge_consumption_monitor.models import EventRow, Mend, RollupRow
from nxforge_core.api import Connection

from ._statements import SQL, as_json

__all__ = [
    "Judgement",
    "Standing",
    "book_adjustment",
    "bump_revision",
    "mend_readings",
    "remember_channel",
    "rewrite_events",
    "rewrite_readings",
    "rewrite_rollups",
]


class Judgement(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What the reading of an instant is worth."""

    ts: datetime
    quality: str
    reason: str
    total_kwh: Decimal | None


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Where a channel stands; fields in the order of the statement.

    Attributes:
        register_state: JSON.
        rollup_state: JSON.
        ts: Of its last good reading.
        sealed: What is open by now lies in a locked month, which keeps its rows.
    """

    endpoint_id: str
    channel: str
    register_state: str | None
    rollup_state: str | None
    ts: datetime | None
    sealed: bool


async def rewrite_readings(
    connection: Connection,
    endpoint_id: str,
    channel: str,
    judgements: Sequence[Judgement],
) -> None:
    """Write what readings are worth by what is known now."""
    if judgements:
        await connection.execute(
            SQL.rewrite_readings, endpoint_id, channel, as_json(judgements)
        )


async def mend_readings(connection: Connection, mends: Sequence[Mend]) -> None:
    """Decide about suspect readings that are stored."""
    if mends:
        await connection.execute(SQL.mend_readings, as_json(mends))


async def rewrite_rollups(
    connection: Connection, changed: Sequence[RollupRow], gone: Sequence[RollupRow]
) -> None:
    """Write the rows that changed, and delete those without a time that is known."""
    if changed:
        await connection.execute(SQL.rewrite_rollups, as_json(changed))
    if gone:
        await connection.execute(SQL.drop_rollups, as_json(gone))


async def rewrite_events(
    connection: Connection,
    endpoint_id: str,
    channel: str,
    after: datetime,
    found: Sequence[EventRow],
) -> None:
    """Propose what a replay of the readings after an instant found, and only that."""
    texts = as_json(found)
    await connection.execute(SQL.settle_proposals, endpoint_id, channel, after, texts)
    await connection.execute(SQL.propose_events, texts)


async def remember_channel(connection: Connection, standing: Standing) -> None:
    """Write where a channel stands after a replay."""
    await connection.execute(SQL.remember_channel, *msgspec.structs.astuple(standing))


async def bump_revision(connection: Connection, endpoint_id: str) -> None:
    """Let a poll that computed from what was there before write nothing."""
    await connection.execute(SQL.bump_revision, endpoint_id)


async def book_adjustment(
    connection: Connection,
    endpoint_id: str,
    channel: str,
    months: tuple[date, date],
    energy_kwh: Decimal,
) -> None:
    """Book the correction of a locked month in a later one.

    Args:
        connection: In the transaction of the restatement.
        endpoint_id: Of the endpoint.
        channel: Of it.
        months: First days of the locked month and of the one that gets the line.
        energy_kwh: What the locked month has too little; negative: too much.
    """
    await connection.execute(
        SQL.book_adjustment, endpoint_id, channel, *months, energy_kwh
    )
