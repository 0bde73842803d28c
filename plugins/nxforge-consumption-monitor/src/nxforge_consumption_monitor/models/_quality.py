"""The answer of `quality`: how well each endpoint and day is known."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from nxforge_core.api import Model

from ._series import Gap

__all__ = ["Quality", "QualityDay"]


class QualityDay(Model):
    """One endpoint on one day of its zone.

    Attributes:
        expected: Readings at the endpoint's interval, of a running day up to now.
        coverage: Share of its time up to now between readings without a gap, 0 to 1.
        gaps: Time without good readings, cut at the day's ends.
        frozen_run: Longest run of readings with the same register, 0 where it moved
            every time.
        frozen_s: Seconds from its first to its last reading.
        clock_skew_s: Furthest that the device's clock was from the poll.
        mean_scrape_ms: Of all attempts.
        failed: Attempts that gave no reading.
        top_error: Their most frequent outcome.
        rule_versions: How many versions of the rules made the day's readings.
        score: Coverage times the share that is not estimated, 0 to 1.
    """

    endpoint_id: str
    endpoint_name: str
    day: date
    tz: str
    start: datetime
    end: datetime
    expected: int
    received: int
    coverage: Decimal
    gaps: list[Gap]
    gap_s: int
    rejected: int
    suspect: int
    energy_kwh: Decimal | None
    estimated_kwh: Decimal | None
    frozen_run: int
    frozen_s: int
    clock_skew_s: Decimal | None
    mean_scrape_ms: int | None
    failed: int
    top_error: str | None
    rule_versions: int
    score: Decimal


class Quality(Model):
    """All endpoints on all days of [from, to), worst first.

    Attributes:
        score: Mean of all rows; null without any.
    """

    from_: datetime
    to: datetime
    score: Decimal | None
    days: list[QualityDay]
