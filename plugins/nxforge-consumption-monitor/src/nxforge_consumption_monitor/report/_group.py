"""A rack or client in a month: lines, and totals that are their sums."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from nxforge_consumption_monitor.models import (
    CostError,
    GroupMonth,
    GroupMonthAnswer,
    GroupMove,
    MonthBill,
    MonthLine,
    plain,
)
from nxforge_consumption_monitor.register import Span, span_of
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store import (
    Member,
    MonthEnd,
    ReportGroup,
    UnknownGroupError,
    group_members,
    group_moves,
    parse_group_id,
    report_group,
)
from nxforge_consumption_monitor.tariffs import bill_of_all, bill_of_group
from nxforge_core.api import Connection, PluginContext

from ._cost import cost_of
from ._lines import month_lines
from ._notes import feed_sums, notes
from ._segments import with_evidence
from ._total import month_total
from ._which_month import parse_month

__all__ = [
    "EVERY_ENDPOINT",
    "as_locked",
    "canonical_month",
    "find_group",
    "group_cost",
    "group_month",
    "members_in",
    "month_of_group",
    "site_cost",
]

_Context = PluginContext[MonitorSettings]

_ENCODE: Final = msgspec.json.Encoder(decimal_format="number", order="sorted").encode

#: Stands for all endpoints where a group is asked for.
EVERY_ENDPOINT: Final = "all"


async def group_month(
    ctx: _Context, group_id: str, year: str | None = None, month: str | None = None
) -> GroupMonthAnswer:
    """A group, or every endpoint, in one month; by default the current one.

    Raises:
        UnknownItemError: there is no such group.
        InvalidInputError: year or month is not one.
    """
    group, first = await _asked(ctx, group_id, year, month)
    found = await month_of_group(ctx, group, first)
    _, digest = canonical_month(found)
    return GroupMonthAnswer(data=found, generated_at=ctx.clock.now(), sha256=digest)


async def group_cost(
    ctx: _Context, group_id: str, month: str
) -> tuple[MonthBill | None, CostError | None]:
    """What a group's month costs, or why nobody can say; neither for every endpoint.

    Raises:
        UnknownItemError: there is no such group.
        InvalidInputError: the month is not one.
    """
    group, first = await _asked(ctx, group_id, None, month)
    return await _cost(ctx, group, first)


async def site_cost(
    ctx: _Context, month: str
) -> tuple[MonthBill | None, list[str], CostError | None]:
    """What a month of all endpoints with a tariff costs, and who has none.

    Raises:
        InvalidInputError: the month is not one.
    """
    _, first = await _asked(ctx, EVERY_ENDPOINT, None, month)
    others: list[str] = []

    async def bill() -> MonthBill | None:
        found, names = await bill_of_all(ctx.db, first, ctx.settings.time_zone)
        others.extend(names)
        return found

    cost, error = await cost_of(bill())
    return cost, others, error


async def _asked(
    ctx: _Context, group_id: str, year: str | None, month: str | None
) -> tuple[ReportGroup | None, date]:
    """The group, None for every endpoint, and the first day of the month."""
    group = None if group_id == EVERY_ENDPOINT else await find_group(ctx, group_id)
    zone = ZoneInfo(group.tz if group else ctx.settings.time_zone)
    return group, parse_month(year, month, ctx.clock.now().astimezone(zone))


def canonical_month(month: GroupMonth) -> tuple[str, str]:
    """The one text of a month, and its SHA-256."""
    text = _ENCODE(month)
    return text.decode(), sha256(text).hexdigest()


def as_locked(month: GroupMonth) -> GroupMonth:
    """A month as whoever asks for it sees it once it is locked."""
    lines = [msgspec.structs.replace(line, locked=True) for line in month.lines]
    told = notes(lines, month.moves)
    return msgspec.structs.replace(month, locked=True, lines=lines, notes=told)


async def month_of_group(
    ctx: _Context, group: ReportGroup | None, first: date
) -> GroupMonth:
    """A group, or None for every endpoint, in the month that begins on `first`."""
    tz = group.tz if group else ctx.settings.time_zone
    span = span_of("month", first, ZoneInfo(tz))
    members = await members_in(ctx.db, group, first)
    lines = await month_lines(ctx.db, [(member, first) for member in members])
    by_id = {member.id: member for member in members}
    lines = [line for line in lines if _belongs(by_id[line.endpoint_id], line)]
    lines = await with_evidence(ctx.db, lines, by_id)
    moves = await _moves(ctx, group, span)
    cost, cost_error = await _cost(ctx, group, first)
    feeds = sorted({line.channel for line in lines} - {"total"})
    return GroupMonth(
        group_id=group.id if group else None,
        group_name=group.name if group else "",
        year=first.year,
        month=first.month,
        is_open=any(line.is_open for line in lines),
        locked=bool(lines) and all(line.locked for line in lines),
        total=month_total("total", lines),
        feeds=[month_total(channel, lines) for channel in feeds],
        lines=lines,
        site=ctx.settings.site,
        tz=tz,
        start=span.start,
        end=span.end,
        hours=plain(span.hours),
        revision=max((line.revision for line in lines), default=0),
        feed_sums=feed_sums(lines),
        cost=cost,
        cost_error=cost_error,
        moves=moves,
        notes=notes(lines, moves),
    )


async def members_in(
    connection: Connection, group: ReportGroup | None, first: date
) -> list[Member]:
    """Who belonged to a group at the end of a month; of all endpoints, all."""
    if group is None:
        return await group_members(connection, None)
    end = span_of("month", first, ZoneInfo(group.tz)).end
    return await group_members(connection, group.id, month=MonthEnd(first, end))


async def _moves(
    ctx: _Context, group: ReportGroup | None, span: Span
) -> list[GroupMove]:
    if group is None:
        return []
    zone = ZoneInfo(group.tz)
    found = await group_moves(ctx.db, group.id, span.start, span.end)
    return [
        msgspec.structs.replace(each, at=each.at.astimezone(zone)) for each in found
    ]


async def _cost(
    ctx: _Context, group: ReportGroup | None, first: date
) -> tuple[MonthBill | None, CostError | None]:
    # Nobody is billed for all endpoints together.
    if group is None:
        return None, None
    return await cost_of(bill_of_group(ctx.db, group.id, first))


async def find_group(ctx: _Context, group_id: str) -> ReportGroup:
    """A group by its id.

    Raises:
        UnknownGroupError: there is none.
    """
    found = await report_group(ctx.db, parse_group_id(group_id))
    if found is None:
        raise UnknownGroupError(group_id)
    return found


def _belongs(member: Member, line: MonthLine) -> bool:
    # Who came later or had left before is not missing; what was imported counts.
    if line.energy_kwh is not None:
        return True
    left = member.archived_at is not None and member.archived_at <= line.start
    return member.created_at < line.end and not left
