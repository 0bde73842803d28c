"""The energy of an endpoint in a period, from the rows that are kept of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

import msgspec

from nxforge_consumption_monitor.billing import Energy, EnergyBetween, Profile, Stretch
from nxforge_consumption_monitor.models import BilledMember
from nxforge_consumption_monitor.register import Span
from nxforge_consumption_monitor.store import (
    BilledEndpoint,
    BilledRollup,
    billed_rollups,
)
from nxforge_core.api import Connection

__all__ = ["Member", "energy_of", "member_view", "members_of"]

_SIX_PLACES = Decimal("0.000001")
_ZERO = Decimal(0)


class Member(msgspec.Struct, frozen=True):
    """An endpoint that is billed.

    Attributes:
        hours: What is kept of the period's hours, in order.
    """

    endpoint: BilledEndpoint
    hours: list[BilledRollup]
    profile: Profile


async def members_of(
    connection: Connection, endpoints: Sequence[BilledEndpoint], span: Span
) -> list[Member]:
    """Read what is kept of endpoints in a period."""
    ids = [each.id for each in endpoints]
    found = await billed_rollups(connection, ids, span.start, span.end)
    rows: dict[str, list[BilledRollup]] = {endpoint_id: [] for endpoint_id in ids}
    for row in found:
        rows[row.endpoint_id].append(row)
    return [_member(each, rows[each.id], span) for each in endpoints]


def energy_of(members: Sequence[Member]) -> EnergyBetween:
    """The sum of all members: feeds of one rack, racks of one client."""

    def between(start: datetime, end: datetime) -> Energy:
        parts = (each.profile.between(start, end) for each in members)
        return sum(parts, Energy())

    return between


def member_view(member: Member, span: Span) -> BilledMember:
    """What a bill says about a member."""
    energy = member.profile.between(span.start, span.end)
    return BilledMember(
        endpoint_id=member.endpoint.id,
        endpoint_name=member.endpoint.name,
        kwh=energy.kwh if member.profile.is_known else None,
        estimated_kwh=energy.estimated_kwh,
        coverage=_coverage(member.hours, span),
        complete=member.profile.is_known
        and any(hour.closed and hour.end_ts >= span.end for hour in member.hours),
    )


def _member(
    endpoint: BilledEndpoint, rows: Sequence[BilledRollup], span: Span
) -> Member:
    hours = [row for row in rows if row.grain == "hour"]
    # months before days: of a locked one, what was invoiced counts
    wholes = sorted(
        (row for row in rows if row.grain != "hour"), key=lambda row: row.grain == "day"
    )
    profile = Profile(span, list(_stretches(hours)), _stretches(wholes))
    return Member(endpoint, hours, profile)


def _stretches(rows: Iterable[BilledRollup]) -> Iterable[Stretch]:
    for row in rows:
        if row.start_register is not None and row.end_register is not None:
            yield Stretch(
                span=Span(row.start_ts, row.end_ts),
                start_kwh=row.start_register,
                end_kwh=row.end_register,
                estimated_kwh=row.estimated_kwh,
            )


def _coverage(hours: Iterable[BilledRollup], span: Span) -> Decimal:
    covered = sum((hour.coverage * _shared(hour, span) for hour in hours), _ZERO)
    return (covered / span.hours).quantize(_SIX_PLACES)


def _shared(hour: BilledRollup, span: Span) -> Decimal:
    return Span(max(hour.start_ts, span.start), min(hour.end_ts, span.end)).hours
