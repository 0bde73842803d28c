"""A calendar month of channels: lines, and sums that hide no missing one."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from nxforge_core.api import Model, Success

from ._bill import CostError, MonthBill

__all__ = [
    "Comparison",
    "FeedSums",
    "GroupMonth",
    "GroupMonthAnswer",
    "MonthAdjustment",
    "MonthLine",
    "MonthSegment",
    "MonthTotal",
    "StoredReport",
    "StoredReportView",
]


class MonthAdjustment(Model):
    """A correction of a locked month, billed in this one.

    Attributes:
        month: First day of the month that was locked.
    """

    month: date
    energy_kwh: Decimal


class Comparison(Model):
    """Another month of the same channel.

    Attributes:
        with_: Which: `previous` or `lastYear`.
        change_percent: Of the energy; null where the other is unknown or 0.
        change_percent_per_hour: Of the energy of one hour: months differ in length.
    """

    with_: str
    energy_kwh: Decimal | None
    change_percent: Decimal | None
    change_percent_per_hour: Decimal | None


class MonthSegment(Model):
    """Part of a month in which one register counted.

    Attributes:
        serial: Of the meter; empty where nobody entered it.
        began_by: What the register began anew by: a replacement, a reset, a jump, a
            changed multiplier, a correction; null at the start of the month.
        start_register: As the device showed it; null where no reading is kept.
        end_register: The same at its end.
        energy_kwh: The segments of a month add up to its energy.
    """

    start: datetime
    end: datetime
    serial: str
    began_by: str | None
    start_register: Decimal | None
    end_register: Decimal | None
    multiplier: Decimal
    energy_kwh: Decimal


class FeedSums(Model):
    """Energy of the A and the B feed; null where a member is unknown or absent."""

    a_kwh: Decimal | None
    b_kwh: Decimal | None
    both_kwh: Decimal | None


class MonthLine(Model):
    """One channel of an endpoint in one calendar month of its zone.

    Attributes:
        energy_kwh: Null where nothing is known, which is not zero.
        estimated_kwh: Of it, what lies in a gap that reaches beyond the month.
        coverage: Share of the month between readings without a gap, 0 to 1.
        peak_at: When the quarter of an hour with the highest mean began.
        load_factor: Mean over peak.
        revision: Rises when the closed month is restated.
        is_open: No reading after its end is known: the figures may still change.
        forecast_kwh: Of an open month, what it comes to at its end if it goes on like
            the last seven days: a forward estimate, which is never billed.
        billed_kwh: Energy and adjustments; null where the energy is.
        start_reading_at: When the reading nearest to the month's start was taken.
        end_reading_at: The same of its end.
        certified: The meter is one that may bill final customers.
        meters: Serial numbers, in order of time.
        segments: The registers as the meters showed them.
    """

    endpoint_id: str
    endpoint_name: str
    client_name: str | None
    location: str | None
    external_ref: str | None
    channel: str
    tz: str
    start: datetime
    end: datetime
    hours: Decimal
    energy_kwh: Decimal | None
    estimated_kwh: Decimal | None
    estimated_percent: Decimal | None
    start_register: Decimal | None
    end_register: Decimal | None
    start_quality: str | None
    end_quality: str | None
    quality: str | None
    avg_kw: Decimal | None
    peak_kw_15m: Decimal | None
    peak_at: datetime | None
    peak_kw_sample: Decimal | None
    min_kw: Decimal | None
    load_factor: Decimal | None
    readings: int
    expected: int
    coverage: Decimal
    events: int
    revision: int
    is_open: bool
    locked: bool
    adjustments: list[MonthAdjustment]
    billed_kwh: Decimal | None
    comparisons: list[Comparison]
    start_reading_at: datetime | None = None
    end_reading_at: datetime | None = None
    certified: bool = False
    forecast_kwh: Decimal | None = None
    meters: list[str] = []
    segments: list[MonthSegment] = []


class MonthTotal(Model):
    """The sum of one channel over all members.

    Attributes:
        energy_kwh: Null while a member is missing: a total never is smaller than the
            truth without saying so.
        known_kwh: Sum of the lines whose energy is known.
        missing: Names of members of whose month nothing is known.
        partly_known: Names of members whose coverage is below 1.
        comparisons: With other months of the same members; their energy is null where
            that of a member is unknown.
    """

    channel: str
    energy_kwh: Decimal | None
    known_kwh: Decimal
    estimated_kwh: Decimal
    adjusted_kwh: Decimal
    billed_kwh: Decimal | None
    quality: str | None
    is_open: bool
    missing: list[str]
    partly_known: list[str]
    comparisons: list[Comparison] = []


class GroupMove(Model):
    """An endpoint that joined a group, or left it."""

    endpoint_id: str
    endpoint_name: str
    at: datetime
    joined: bool


class GroupMonth(Model):
    """All endpoints of a rack or client in a month.

    Attributes:
        group_id: Null for all endpoints.
        total: Of the main channel.
        feeds: Of each other channel, A and B feeds among them.
        locked: Every member's month is.
        tz: Of the group or the site; each line has its own.
        revision: The highest of the lines.
        feed_sums: Of the lines that are A or B feeds; null without any.
        cost: Null where nobody can say what it costs; `cost_error` says why.
        moves: Who joined or left the group within the month. Lines are of those who
            belonged at its end.
        notes: What a reader has to know, at the foot of the report.
    """

    group_id: str | None
    group_name: str
    year: int
    month: int
    is_open: bool
    locked: bool
    total: MonthTotal
    feeds: list[MonthTotal]
    lines: list[MonthLine]
    site: str = ""
    tz: str = ""
    start: datetime | None = None
    end: datetime | None = None
    hours: Decimal | None = None
    revision: int = 0
    feed_sums: FeedSums | None = None
    cost: MonthBill | None = None
    cost_error: CostError | None = None
    moves: list[GroupMove] = []
    notes: list[str] = []


class GroupMonthAnswer(Success[GroupMonth]):
    """The whole answer of a group's month.

    Attributes:
        sha256: Of `data` as JSON with sorted members and no spaces: what a lock cites.
    """

    generated_at: datetime
    sha256: str


class StoredReportView(Model):
    """A report that was stored.

    Attributes:
        group_id: Null for all endpoints.
        month: Its first day.
        version: Rises when the same month is stored with other figures.
        is_open: A member's figures were not final.
        sha256: Of the document, as of a month that is asked for.
    """

    id: int
    group_id: str | None
    group_name: str
    month: date
    version: int
    is_open: bool
    sha256: str
    generated_at: datetime


class StoredReport(Model):
    """A stored report with its figures."""

    report: StoredReportView
    document: GroupMonth
