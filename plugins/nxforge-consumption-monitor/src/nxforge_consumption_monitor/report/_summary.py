"""Consumption of a period, up to now by default, and of what it is compared with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from nxforge_consumption_monitor.models import (
    FeedSums,
    GroupSum,
    Summary,
    SummaryRow,
    TotalComparison,
    plain,
)
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store import ReportedEndpoint, reported_endpoints
from nxforge_core.api import PluginContext

from ._asked_period import AskedPeriod, Compare, decode_compare, decode_period
from ._compare import compared_rows, compared_total
from ._group import find_group
from ._notes import feed_of, sums_of_feeds
from ._summary_rows import calendar_rows, rolling_rows

__all__ = ["SummaryQuery", "reported", "summary"]

_Context = PluginContext[MonitorSettings]


class SummaryQuery(msgspec.Struct, frozen=True, kw_only=True):
    """The query's texts as they came."""

    period: str = "day"
    date: str | None = None
    compare: str | None = None
    group: str | None = None


async def summary(ctx: _Context, query: SummaryQuery) -> Summary:
    """Consumption in a period of every endpoint that is not archived, or of a group's.

    Raises:
        InvalidInputError: a text of the query is not what it should be.
        UnknownItemError: there is no such group.
    """
    now, zone = ctx.clock.now(), ZoneInfo(ctx.settings.time_zone)
    asked = decode_period(query.period, query.date, now, zone)
    compare = decode_compare(query.compare)
    endpoints = await reported(ctx, query.group)
    rows = (
        await rolling_rows(ctx.db, endpoints, asked.past(zone))
        if asked.is_rolling
        else await calendar_rows(ctx.db, endpoints, asked)
    )
    total = None
    if compare is not None:
        rows, total = await _compared(ctx, endpoints, rows, asked, compare)
    past = asked.past(zone)
    return Summary(
        period=asked.kind,
        start_date=past.start,
        end_date=past.end,
        endpoints=rows,
        total_consumption=plain(sum((r.consumption for r in rows), Decimal(0))),
        hours=plain(past.hours),
        comparison=total,
        groups=_groups(endpoints, rows),
        feed_sums=_feeds(endpoints, rows),
        unmetered_kwh=_unmetered(endpoints, rows) if query.group else None,
    )


async def reported(ctx: _Context, group_id: str | None) -> list[ReportedEndpoint]:
    """The endpoints that are not archived, all of them or those of a group.

    Raises:
        UnknownItemError: there is no such group.
    """
    found = await reported_endpoints(ctx.db)
    if group_id is None:
        return found
    group = await find_group(ctx, group_id)
    return [each for each in found if each.group_id == group.id]


async def _compared(
    ctx: _Context,
    endpoints: Sequence[ReportedEndpoint],
    rows: list[SummaryRow],
    asked: AskedPeriod,
    compare: Compare,
) -> tuple[list[SummaryRow], TotalComparison]:
    kept = timedelta(days=ctx.settings.retention_days)
    found = await compared_rows(ctx.db, endpoints, rows, asked, compare, kept)
    hours = asked.past(ZoneInfo(ctx.settings.time_zone)).hours
    pairs = zip(rows, found, strict=True)
    return (
        [replace(row, comparison=other) for row, other in pairs],
        compared_total(rows, found, hours),
    )


def _groups(
    endpoints: Sequence[ReportedEndpoint], rows: Sequence[SummaryRow]
) -> list[GroupSum]:
    members: dict[tuple[str, str], list[SummaryRow]] = {}
    for endpoint, row in zip(endpoints, rows, strict=True):
        if endpoint.group_id is not None and endpoint.group_name is not None:
            key = endpoint.group_name, endpoint.group_id
            members.setdefault(key, []).append(row)
    return [
        GroupSum(
            group_id=group_id,
            group_name=name,
            consumption=plain(sum((r.consumption for r in own), Decimal(0))),
            missing=[row.endpoint_name for row in own if row.quality is None],
        )
        for (name, group_id), own in sorted(members.items())
    ]


def _feeds(
    endpoints: Sequence[ReportedEndpoint], rows: Sequence[SummaryRow]
) -> FeedSums | None:
    return sums_of_feeds(
        (feed_of("total", endpoint.external_ref), row.consumption)
        if row.quality is not None
        else (feed_of("total", endpoint.external_ref), None)
        for endpoint, row in zip(endpoints, rows, strict=True)
    )


def _unmetered(
    endpoints: Sequence[ReportedEndpoint], rows: Sequence[SummaryRow]
) -> Decimal | None:
    if any(row.quality is None for row in rows):
        return None
    fed: list[Decimal] = []
    counted: list[Decimal] = []
    for endpoint, row in zip(endpoints, rows, strict=True):
        is_feed = feed_of("total", endpoint.external_ref) is not None
        (fed if is_feed else counted).append(row.consumption)
    if not fed or not counted:
        return None
    return plain(sum(fed, Decimal(0)) - sum(counted, Decimal(0)))
