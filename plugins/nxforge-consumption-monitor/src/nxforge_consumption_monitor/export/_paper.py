"""A month as it is printed and exported: one shape for endpoints and groups."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import msgspec

from nxforge_consumption_monitor.models import (
    CostError,
    FeedSums,
    GroupMonth,
    MonthBill,
    MonthLine,
    MonthlyReport,
)

from ._cells import Cell

__all__ = ["DayBar", "Paper", "of_endpoint", "of_group"]


class DayBar(msgspec.Struct, frozen=True, kw_only=True):
    """The energy of a local day; null where nothing is known."""

    day: date
    energy_kwh: Decimal | None
    estimated_kwh: Decimal | None


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """A report.

    Attributes:
        subject: Endpoint or group.
        total_kwh: Null while a member is unknown.
        days: Empty where the days are not part of what was stored.
    """

    site: str
    subject: str
    month: date
    tz: str
    start: datetime | None
    end: datetime | None
    hours: Decimal | None
    generated_at: datetime
    revision: int
    is_open: bool
    locked: bool
    sha256: str
    total_kwh: Decimal | None
    lines: list[MonthLine]
    feed_sums: FeedSums | None
    cost: MonthBill | None
    cost_error: CostError | None
    notes: list[str]
    days: list[DayBar] = []

    @property
    def zone(self) -> ZoneInfo:
        """Of its local times."""
        return ZoneInfo(self.tz or "UTC")

    def facts(self) -> Iterator[tuple[str, Cell]]:
        """The head of the report."""
        yield "site", self.site
        yield "subject", self.subject
        yield "month", f"{self.month:%Y-%m}"
        yield "timeZone", self.tz
        yield "start", self.start
        yield "end", self.end
        yield "hours", self.hours
        yield "totalKwh", self.total_kwh
        if self.feed_sums is not None:
            yield "feedAKwh", self.feed_sums.a_kwh
            yield "feedBKwh", self.feed_sums.b_kwh
            yield "feedsABKwh", self.feed_sums.both_kwh
        yield "generatedAt", self.generated_at
        yield "revision", self.revision
        yield "open", self.is_open
        yield "locked", self.locked
        yield "sha256", self.sha256


def of_endpoint(report: MonthlyReport, days: list[DayBar]) -> Paper:
    """The month of an endpoint."""
    return Paper(
        site=report.site,
        subject=report.endpoint_name,
        month=date(report.year, report.month, 1),
        tz=report.tz,
        start=report.start,
        end=report.end,
        hours=report.hours,
        generated_at=report.generated_at,
        revision=report.revision,
        is_open=report.is_open,
        locked=report.locked,
        sha256=report.sha256,
        total_kwh=report.lines[0].energy_kwh,
        lines=report.lines,
        feed_sums=report.feed_sums,
        cost=report.cost,
        cost_error=report.cost_error,
        notes=report.notes,
        days=days,
    )


def of_group(
    month: GroupMonth, sha256: str, generated_at: datetime, days: list[DayBar]
) -> Paper:
    """The month of a group, or of every endpoint."""
    return Paper(
        site=month.site,
        subject=month.group_name or "all endpoints",
        month=date(month.year, month.month, 1),
        tz=month.tz,
        start=month.start,
        end=month.end,
        hours=month.hours,
        generated_at=generated_at,
        revision=month.revision,
        is_open=month.is_open,
        locked=month.locked,
        sha256=sha256,
        total_kwh=month.total.energy_kwh,
        lines=month.lines,
        feed_sums=month.feed_sums,
        cost=month.cost,
        cost_error=month.cost_error,
        notes=month.notes,
        days=days,
    )
