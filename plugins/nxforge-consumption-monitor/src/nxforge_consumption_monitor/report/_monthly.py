"""Calendar months: each in the zone of its endpoint, from the stored rows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import fields, replace

from nxforge_consumption_monitor.models import (
    CostError,
    MonthBill,
    MonthLine,
    MonthlyReport,
    MonthlyRow,
    UnknownEndpointError,
    parse_endpoint_id,
)
from nxforge_consumption_monitor.register import span_of
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store import (
    Bounds,
    Member,
    ReadingEnds,
    group_members,
    reading_ends,
)
from nxforge_consumption_monitor.tariffs import bill_of_endpoint
from nxforge_core.api import PluginContext

from ._cost import cost_of
from ._lines import month_lines
from ._notes import feed_sums, notes
from ._segments import with_evidence
from ._which_month import parse_month

__all__ = ["canonical", "monthly", "monthly_summary"]

_ENCODE: Final = msgspec.json.Encoder(decimal_format="number", order="sorted").encode
#: What the digest is not of.
_OUTSIDE: Final = frozenset({"generated_at", "sha256"})


async def monthly(
    ctx: PluginContext[MonitorSettings],
    endpoint_id: str,
    year: str | None = None,
    month: str | None = None,
) -> MonthlyReport:
    """One endpoint in one month of its zone; by default the current one.

    Raises:
        UnknownItemError: there is no such endpoint.
        InvalidInputError: year or month is not one.
    """
    found = await group_members(
        ctx.db, None, endpoint_id=parse_endpoint_id(endpoint_id)
    )
    if not found:
        raise UnknownEndpointError(endpoint_id)
    [member] = found
    first = parse_month(year, month, ctx.clock.now().astimezone(ZoneInfo(member.tz)))
    lines = await month_lines(ctx.db, [(member, first)])
    lines = await with_evidence(ctx.db, lines, {member.id: member})
    ends = await reading_ends(ctx.db, [_bounds(member, first)])
    cost = await cost_of(bill_of_endpoint(ctx.db, member.id, first))
    return _report(ctx, first, lines, ends[member.id], cost)


async def monthly_summary(ctx: PluginContext[MonitorSettings]) -> list[MonthlyRow]:
    """Every enabled endpoint in the current month of its zone."""
    now = ctx.clock.now()
    wanted = [
        (each, now.astimezone(ZoneInfo(each.tz)).date().replace(day=1))
        for each in await group_members(ctx.db, None)
        if each.enabled and each.archived_at is None
    ]
    lines = await month_lines(ctx.db, wanted)
    ends = await reading_ends(ctx.db, [_bounds(*each) for each in wanted])
    return [
        _row(line, ends[line.endpoint_id]) for line in lines if line.channel == "total"
    ]


def _bounds(member: Member, first: date) -> Bounds:
    span = span_of("month", first, ZoneInfo(member.tz))
    return Bounds(member.id, span.start, span.end)


def _report(
    ctx: PluginContext[MonitorSettings],
    first: date,
    lines: list[MonthLine],
    ends: ReadingEnds,
    cost: tuple[MonthBill | None, CostError | None],
) -> MonthlyReport:
    main = lines[0]
    report = MonthlyReport(
        year=first.year,
        month=first.month,
        start_kwh=main.start_register,
        end_kwh=main.end_register,
        consumption=main.energy_kwh or Decimal(0),
        reading_count=main.readings,
        first_reading=ends.first_ts,
        last_reading=ends.last_ts,
        endpoint_id=main.endpoint_id,
        endpoint_name=main.endpoint_name,
        tz=main.tz,
        start=main.start,
        end=main.end,
        hours=main.hours,
        start_quality=main.start_quality,
        end_quality=main.end_quality,
        coverage=main.coverage,
        is_open=main.is_open,
        lines=lines,
        site=ctx.settings.site,
        revision=max(line.revision for line in lines),
        locked=all(line.locked for line in lines),
        feed_sums=feed_sums(lines),
        cost=cost[0],
        cost_error=cost[1],
        notes=notes(lines),
        generated_at=ctx.clock.now(),
        sha256="",
    )
    return replace(report, sha256=sha256(canonical(report)).hexdigest())


def canonical(report: MonthlyReport) -> bytes:
    """The one text of a report: the members that its digest is of, and no other."""
    members = {
        each.encode_name: getattr(report, each.name)
        for each in fields(report)
        if each.name not in _OUTSIDE
    }
    return _ENCODE(members)


def _row(line: MonthLine, ends: ReadingEnds) -> MonthlyRow:
    return MonthlyRow(
        endpoint_id=line.endpoint_id,
        endpoint_name=line.endpoint_name,
        client_name=line.client_name,
        location=line.location,
        current_kwh=line.end_register,
        previous_kwh=line.start_register,
        consumed_kwh=line.energy_kwh or Decimal(0),
        last_reading_at=ends.last_ts,
        readings_count=line.readings,
    )
