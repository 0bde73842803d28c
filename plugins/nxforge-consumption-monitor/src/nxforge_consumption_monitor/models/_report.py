"""The answers of `summary`, `monthly` and `monthly-summary`."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal

from nxforge_core.api import Model

from ._bill import CostError, MonthBill
from ._month import FeedSums, MonthLine

__all__ = [
    "GroupSum",
    "MonthlyReport",
    "MonthlyRow",
    "Period",
    "Summary",
    "SummaryComparison",
    "SummaryRow",
    "TotalComparison",
]

Period = Literal["hour", "day", "week", "month", "year"]


class SummaryComparison(Model):
    """Another period of the same endpoint.

    Attributes:
        with_: Which: `previous` or `lastYear`.
        hours: Its length.
        energy_kwh: Null where it is not known from its start to its end.
        change_percent: Of the energy; null where the other is unknown or 0.
        change_percent_per_hour: Of the energy of one hour: periods differ in length.
    """

    with_: str
    start_date: datetime
    end_date: datetime
    hours: Decimal
    energy_kwh: Decimal | None
    change_percent: Decimal | None
    change_percent_per_hour: Decimal | None


class TotalComparison(Model):
    """The other period of all endpoints that are known in both.

    Attributes:
        energy_kwh: Of the other period.
        compared_kwh: Of the period asked for, of the same endpoints.
        missing: Names of the others.
    """

    energy_kwh: Decimal | None
    compared_kwh: Decimal | None
    change_percent: Decimal | None
    change_percent_per_hour: Decimal | None
    missing: list[str]


class GroupSum(Model):
    """All endpoints of a group in a period.

    Attributes:
        consumption: Of those that are known, kWh.
        missing: Names of the others.
    """

    group_id: str
    group_name: str
    consumption: Decimal
    missing: list[str]


class SummaryRow(Model):
    """One endpoint in a period.

    Attributes:
        consumption: Energy of the period, kWh; 0 where nothing is known, as before:
            `quality` is null then.
        avg_power: Mean load of the time that is known, W; null without any.
        first_reading: When the period's first good reading was taken.
        coverage: Share of the period between two known registers, of a month or year
            that between readings without a gap, 0 to 1.
    """

    endpoint_id: str
    endpoint_name: str
    client_name: str | None
    location: str | None
    consumption: Decimal
    avg_power: Decimal | None
    reading_count: int
    first_reading: datetime | None
    last_reading: datetime | None
    quality: str | None
    coverage: Decimal
    comparison: SummaryComparison | None = None


class Summary(Model):
    """All endpoints in a period, [start_date, end_date).

    Attributes:
        hours: Its length up to now.
        comparison: Null where none was asked for.
        feed_sums: Of the endpoints that are A or B feeds; null without any.
        unmetered_kwh: Of a group with feeds what they had more than its other meters
            counted; null where it has no feed or no other meter, or one is unknown.
    """

    period: Period
    start_date: datetime
    end_date: datetime
    endpoints: list[SummaryRow]
    total_consumption: Decimal
    hours: Decimal
    comparison: TotalComparison | None
    groups: list[GroupSum]
    feed_sums: FeedSums | None
    unmetered_kwh: Decimal | None = None


class MonthlyReport(Model):
    """One endpoint in one calendar month of its own zone.

    Attributes:
        start_kwh: Unwrapped register at the month's start, kWh; null when unknown.
        end_kwh: The same at its end, or now while the month runs.
        consumption: Energy of the month, kWh; 0 where nothing is known.
        hours: Length of the month; 743 or 745 where the clock changes.
        coverage: Share of the month between readings without a gap, 0 to 1.
        is_open: No reading after its end is known: the figures may still change.
        lines: Every channel with all its figures, the main one first.
        feed_sums: Of the channels that are A or B feeds; null without any.
        cost: Null where nobody can say what it costs; `cost_error` says why.
        notes: What a reader has to know, at the foot of the report.
        sha256: Of all other members as JSON with sorted names and no spaces, but
            without `generatedAt`.
    """

    year: int
    month: int
    start_kwh: Decimal | None
    end_kwh: Decimal | None
    consumption: Decimal
    reading_count: int
    first_reading: datetime | None
    last_reading: datetime | None
    endpoint_id: str
    endpoint_name: str
    tz: str
    start: datetime
    end: datetime
    hours: Decimal
    start_quality: str | None
    end_quality: str | None
    coverage: Decimal
    is_open: bool
    lines: list[MonthLine]
    site: str
    revision: int
    locked: bool
    feed_sums: FeedSums | None
    cost: MonthBill | None
    cost_error: CostError | None
    notes: list[str]
    generated_at: datetime
    sha256: str


class MonthlyRow(Model):
    """One endpoint in the current month.

    Attributes:
        current_kwh: Unwrapped register now, kWh.
        previous_kwh: The same at the month's start.
    """

    endpoint_id: str
    endpoint_name: str
    client_name: str | None
    location: str | None
    current_kwh: Decimal | None
    previous_kwh: Decimal | None
    consumed_kwh: Decimal
    last_reading_at: datetime | None
    readings_count: int
