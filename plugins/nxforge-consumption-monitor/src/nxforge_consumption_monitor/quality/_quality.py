"""How well days are known: what came, what is missing, what is doubtful."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from nxforge_consumption_monitor.models import (
    Gap,
    Quality,
    QualityDay,
    UnknownEndpointError,
    parse_endpoint_id,
    parse_span,
    plain,
)
from nxforge_consumption_monitor.register import Cadence, Span, spans_between
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store import (
    UnknownGroupError,
    parse_group_id,
    report_group,
)
from nxforge_core.api import Connection, InvalidInputError, PluginContext

from ._reads import (
    DayFacts,
    DayRow,
    GapFound,
    JudgedEndpoint,
    day_facts,
    day_rows,
    gaps_found,
    judged_endpoints,
)

__all__ = ["QualityQuery", "quality"]

_DAY: Final = timedelta(days=1)
_SECOND: Final = timedelta(seconds=1)
#: All of them are looked at one by one, in the ten seconds of a statement.
_MOST_READINGS: Final = 1_000_000
_SIX: Final = Decimal("0.000001")
_ONE: Final = Decimal(1)


class QualityQuery(msgspec.Struct, frozen=True, kw_only=True):
    """The query's texts as they came."""

    endpoint_id: str | None = None
    group: str | None = None
    low: str | None = None
    high: str | None = None


async def quality(ctx: PluginContext[MonitorSettings], query: QualityQuery) -> Quality:
    """Every endpoint on every day that shares time with the span, worst first.

    Raises:
        InvalidInputError: a text of the query is not what it should be, or there may
            be too many readings to look at.
        UnknownItemError: an id is none.
    """
    now = ctx.clock.now()
    span = parse_span(query.low, query.high, now, ZoneInfo(ctx.settings.time_zone))
    endpoints = await _endpoints(ctx.db, query)
    _check_size(endpoints, span)
    days = [
        (each, day)
        for each in endpoints
        for day in spans_between("day", span.start, span.end, ZoneInfo(each.tz))
        if each.created_at < day.end and day.start < now
    ]
    rows = await _Days(ctx, days, now).rows() if days else []
    rows.sort(key=lambda row: (row.score, row.start, row.endpoint_name))
    scores = [row.score for row in rows]
    return Quality(
        from_=span.start,
        to=span.end,
        score=_mean(scores),
        days=rows,
    )


async def _endpoints(
    connection: Connection, query: QualityQuery
) -> list[JudgedEndpoint]:
    one = None if query.endpoint_id is None else parse_endpoint_id(query.endpoint_id)
    group = None if query.group is None else parse_group_id(query.group)
    if group is not None and await report_group(connection, group) is None:
        raise UnknownGroupError(group)
    found = await judged_endpoints(connection, one, group)
    if one is not None and not found:
        raise UnknownEndpointError(one)
    return found


def _check_size(endpoints: Iterable[JudgedEndpoint], span: Span) -> None:
    seconds = (span.end - span.start) / _SECOND
    expected = sum(seconds / each.interval_s for each in endpoints)
    if expected > _MOST_READINGS:
        raise InvalidInputError(
            field="from",
            value=span.start.isoformat(),
            remedy=f"there may be {expected:.0f} readings to look at, and "
            f"{_MOST_READINGS} are the most: ask for fewer days, or one endpoint",
        )


class _Days:
    """The days that are judged together."""

    def __init__(
        self,
        ctx: PluginContext[MonitorSettings],
        days: Sequence[tuple[JudgedEndpoint, Span]],
        now: datetime,
    ) -> None:
        self._db = ctx.db
        self._days = days
        self._now = now

    async def rows(self) -> list[QualityDay]:
        low = min(day.start for _, day in self._days)
        high = max(day.end for _, day in self._days)
        endpoints = {each.id: each for each, _ in self._days}
        stored = {
            (row.endpoint_id, row.start_ts): row
            for row in await day_rows(self._db, list(endpoints), low, high)
        }
        wanted = [
            (each.id, low, high, _cadence(each).longest / _SECOND)
            for each in endpoints.values()
        ]
        gaps: dict[str, list[GapFound]] = {who: [] for who in endpoints}
        for gap in await gaps_found(self._db, wanted, self._now):
            gaps[gap.endpoint_id].append(gap)
        asked = [(each.id, day.start, day.end) for each, day in self._days]
        facts = await day_facts(self._db, asked)
        return [
            self._row(each, day, fact, stored.get((each.id, day.start)), gaps[each.id])
            for (each, day), fact in zip(self._days, facts, strict=True)
        ]

    def _past(self, endpoint: JudgedEndpoint, day: Span) -> Span:
        """Of a day, what has been since there was the endpoint."""
        begun = min(endpoint.created_at, day.end - _SECOND)
        return Span(max(day.start, begun), min(day.end, self._now))

    def _row(
        self,
        endpoint: JudgedEndpoint,
        day: Span,
        facts: DayFacts,
        stored: DayRow | None,
        gaps: Sequence[GapFound],
    ) -> QualityDay:
        past = self._past(endpoint, day)
        own = _cut(gaps, past)
        coverage = _coverage(stored, day, past)
        return QualityDay(
            endpoint_id=endpoint.id,
            endpoint_name=endpoint.name,
            day=day.start.astimezone(ZoneInfo(endpoint.tz)).date(),
            tz=endpoint.tz,
            start=day.start,
            end=day.end,
            expected=_expected(endpoint, past),
            received=stored.readings if stored else 0,
            coverage=coverage,
            gaps=own,
            gap_s=sum(gap.seconds for gap in own),
            rejected=facts.rejected,
            suspect=facts.suspect,
            energy_kwh=plain(stored.energy_kwh) if stored else None,
            estimated_kwh=plain(stored.estimated_kwh) if stored else None,
            frozen_run=facts.frozen_run or 0,
            frozen_s=facts.frozen_s or 0,
            clock_skew_s=plain(facts.clock_skew_s),
            mean_scrape_ms=facts.mean_scrape_ms,
            failed=facts.failed,
            top_error=facts.top_error,
            rule_versions=facts.rule_versions,
            score=_score(stored, coverage),
        )


def _expected(endpoint: JudgedEndpoint, past: Span) -> int:
    seconds = (past.end - past.start) / _SECOND
    return max(round(seconds / endpoint.interval_s), 1)


def _cadence(endpoint: JudgedEndpoint) -> Cadence:
    gap = endpoint.gap_after_s
    return Cadence(
        timedelta(seconds=endpoint.interval_s),
        None if gap is None else timedelta(seconds=gap),
    )


def _cut(gaps: Iterable[GapFound], span: Span) -> list[Gap]:
    found = []
    for gap in gaps:
        start, end = max(gap.since, span.start), min(gap.until, span.end)
        if start < end:
            found.append(Gap(start=start, end=end, seconds=(end - start) // _SECOND))
    return found


def _coverage(stored: DayRow | None, day: Span, past: Span) -> Decimal:
    """Of the time that has been: the stored share is of the whole day."""
    if stored is None or past.end <= past.start:
        return Decimal(0)
    share = stored.coverage * day.hours / past.hours if past.hours else Decimal(0)
    return plain(min(share, _ONE).quantize(_SIX))


def _mean(scores: Sequence[Decimal]) -> Decimal | None:
    total = sum(scores, Decimal(0))
    return plain((total / len(scores)).quantize(_SIX)) if scores else None


def _score(stored: DayRow | None, coverage: Decimal) -> Decimal:
    if stored is None or not stored.energy_kwh:
        return coverage
    estimated = min((stored.estimated_kwh or Decimal(0)) / stored.energy_kwh, _ONE)
    return plain((coverage * (_ONE - estimated)).quantize(_SIX))
