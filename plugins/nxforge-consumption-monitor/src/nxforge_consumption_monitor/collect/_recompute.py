"""Computing the history of endpoints again, as a run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

import msgspec

from nxforge_consumption_monitor.restate import Restatement, RollupChange, restate
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store import NamedEndpoint, endpoints_to_verify
from nxforge_core.api import Body, InvalidInputError, JobContext, Model, Outcome

__all__ = ["RECOMPUTE_JOB", "RecomputeParams", "recompute", "recompute_params"]

RECOMPUTE_JOB: Final = "recompute-history"
#: More of them say no more.
_MOST_SHOWN: Final = 100


class RecomputeParams(Body):
    """Parameters of a recomputation.

    Attributes:
        since: From which instant on; null: everything that is stored.
        until: Days and months that begin later are computed too, and not told.
        endpoint_ids: Of these endpoints; null: of all that are not archived.
    """

    since: datetime | None = None
    until: datetime | None = None
    endpoint_ids: tuple[str, ...] | None = None


class RecomputedRow(Model):
    """A day or month with another energy; null where nothing is known."""

    endpoint: str
    channel: str
    grain: str
    start: datetime
    before_kwh: Decimal | None
    after_kwh: Decimal | None
    locked: bool


class RecomputeResult(Model):
    """What a recomputation changed.

    Attributes:
        changed: Days and months with another energy; the first ones in `rows`.
        adjustments: Booked for locked months.
    """

    success: bool
    endpoints: int
    readings: int
    rollups: int
    changed: int
    adjustments: int
    rows: list[RecomputedRow]


def recompute_params(
    since: datetime, until: datetime | None, endpoint_id: str | None
) -> dict[str, object]:
    """The parameters of a run, as JSON has them.

    Raises:
        InvalidInputError: an instant has no offset, or the end is not later.
    """
    for field, value in (("from", since), ("to", until)):
        if value is not None and value.tzinfo is None:
            remedy = "give it with its offset, such as 2025-03-31T06:00:00Z"
            raise InvalidInputError(field=field, value=str(value), remedy=remedy)
    if until is not None and until <= since:
        remedy = "give an instant later than 'from'"
        raise InvalidInputError(field="to", value=str(until), remedy=remedy)
    return {
        "since": since.isoformat(),
        "until": None if until is None else until.isoformat(),
        "endpointIds": None if endpoint_id is None else [endpoint_id],
    }


async def recompute(
    ctx: JobContext[MonitorSettings], params: RecomputeParams
) -> Outcome:
    """Judge stored readings again, and compute again what follows from them."""
    endpoints = await endpoints_to_verify(ctx.db, params.endpoint_ids)
    done: list[tuple[NamedEndpoint, Restatement]] = []
    for number, endpoint in enumerate(endpoints):
        await ctx.progress(number, len(endpoints), endpoint.name)
        async with ctx.transaction() as connection:
            done.append(
                (endpoint, await restate(connection, endpoint.id, params.since))
            )
    return Outcome.ok(msgspec.to_builtins(_result(done, params.until)))


def _result(
    done: Sequence[tuple[NamedEndpoint, Restatement]], until: datetime | None
) -> RecomputeResult:
    rows = [
        _row(endpoint.name, change)
        for endpoint, each in done
        for change in each.changes
        if until is None or change.start < until
    ]
    return RecomputeResult(
        success=True,
        endpoints=len(done),
        readings=sum(each.readings for _, each in done),
        rollups=sum(each.rollups for _, each in done),
        changed=len(rows),
        adjustments=sum(len(each.adjustments) for _, each in done),
        rows=rows[:_MOST_SHOWN],
    )


def _row(endpoint: str, change: RollupChange) -> RecomputedRow:
    return RecomputedRow(
        endpoint=endpoint,
        channel=change.channel,
        grain=change.grain,
        start=change.start,
        before_kwh=change.before_kwh,
        after_kwh=change.after_kwh,
        locked=change.locked,
    )
