"""The nightly comparison of hours, days and months with the readings."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from nxforge_consumption_monitor.models import REPAIRED, Repaired
from nxforge_consumption_monitor.restate import RollupChange, restate, verify
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store import endpoints_to_verify
from nxforge_core.api import Body, JobContext, Model, Outcome

__all__ = ["VERIFY_JOB", "VerifyParams", "verify_rollups"]

_Context = JobContext[MonitorSettings]

VERIFY_JOB: Final = "verify-rollups"
#: More of them say no more.
_MOST_SHOWN: Final = 100


class VerifyParams(Body):
    """Parameters of a comparison.

    Attributes:
        days: Local days before today that are compared, and the months that begin in
            them.
        endpoint_ids: Of these endpoints; null: of all that are not archived.
    """

    days: Annotated[int, Meta(ge=1, le=3660)] = 2
    endpoint_ids: tuple[str, ...] | None = None


class _Wrong(msgspec.Struct, frozen=True, rename="camel"):
    """A row that was not what the readings say; an energy is null where no row was."""

    endpoint: str
    channel: str
    grain: str
    start: datetime
    stored_kwh: Decimal | None
    computed_kwh: Decimal | None


class VerifyResult(Model):
    """What a comparison found.

    Attributes:
        compared: Rows.
        different: Rows that were not what the readings say; the first ones in `rows`.
        repaired: Endpoints whose rows were computed again.
    """

    success: bool
    endpoints: int
    compared: int
    different: int
    repaired: int
    rows: list[_Wrong]


async def verify_rollups(ctx: _Context, params: VerifyParams) -> Outcome:
    """Compare what reports add up with the readings, and repair what differs."""
    now = ctx.clock.now()
    since = now - timedelta(days=params.days)
    endpoints = await endpoints_to_verify(ctx.db, params.endpoint_ids)
    compared = repaired = 0
    wrong: list[_Wrong] = []
    for done, endpoint in enumerate(endpoints):
        await ctx.progress(done, len(endpoints), endpoint.name)
        async with ctx.transaction() as connection:
            found = await verify(connection, endpoint.id, since, now)
            compared += found.compared
            if not found.differences:
                continue
            wrong += [_wrong(endpoint.name, each) for each in found.differences]
            first = min(each.start for each in found.differences)
            await restate(connection, endpoint.id, first)
            repaired += 1
        ctx.log.warning("rollups repaired", endpoint=endpoint.name)
        told = Repaired(
            endpoint_id=endpoint.id,
            endpoint_name=endpoint.name,
            rows=len(found.differences),
            since=first,
        )
        await ctx.events.publish(REPAIRED, told)
    result = msgspec.to_builtins(
        VerifyResult(
            success=not wrong,
            endpoints=len(endpoints),
            compared=compared,
            different=len(wrong),
            repaired=repaired,
            rows=wrong[:_MOST_SHOWN],
        )
    )
    return Outcome.partial(result) if wrong else Outcome.ok(result)


def _wrong(endpoint: str, change: RollupChange) -> _Wrong:
    return _Wrong(
        endpoint=endpoint,
        channel=change.channel,
        grain=change.grain,
        start=change.start,
        stored_kwh=change.before_kwh,
        computed_kwh=change.after_kwh,
    )
