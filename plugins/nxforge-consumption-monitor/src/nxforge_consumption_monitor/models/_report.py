"""The answers of `summary`, `monthly` and `monthly-summary`."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal

from nxforge_core.api import Model

from ._month import MonthLine

__all__ = ["MonthlyReport", "MonthlyRow", "Period", "Summary", "SummaryRow"]

Period = Literal["hour", "day", "week", "month", "year"]


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


class Summary(Model):
    """All endpoints in a period, [start_date, end_date)."""

    period: Period
    start_date: datetime
    end_date: datetime
    endpoints: list[SummaryRow]
    total_consumption: Decimal


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
