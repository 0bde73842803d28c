"""The answer of `live`: the original's members, and the new ones beside them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal

from nxforge_core.api import Model, Success

__all__ = [
    "LastReading",
    "Live",
    "LiveAnswer",
    "LiveEndpoint",
    "LiveFeeds",
    "LiveGroup",
    "LiveSummary",
    "State",
    "Status",
]

Status = Literal["online", "error", "offline"]
State = Literal["fresh", "stale", "offline"]


class LastReading(Model, gc=False):
    """The latest good reading.

    Attributes:
        total_kwh: The register as the device shows it, kWh.
        current_kwh: Energy of the current month so far, kWh.
        power: W.
    """

    timestamp: datetime
    total_kwh: Decimal | None
    current_kwh: Decimal | None
    voltage: Decimal | None
    current: Decimal | None
    power: Decimal | None
    power_factor: Decimal | None


class LiveEndpoint(Model, gc=False):
    """One endpoint now. Unknown is null, never 0.

    Attributes:
        status: `error` after a failed attempt, `offline` without a reading that is
            recent enough, else `online`.
        state: `fresh` up to 2 intervals, `stale` up to 6, then `offline`.
        age_s: Seconds since the latest good reading.
        error: Why the latest attempt failed.
        breaker_percent: Current of the rating of its breaker, where both are known.
    """

    id: str
    name: str
    client_name: str | None
    location: str | None
    enabled: bool
    last_reading: LastReading | None
    status: Status
    kind: str
    type: str
    interval_s: int
    power_kw: Decimal | None
    register_kwh: Decimal | None
    today_kwh: Decimal | None
    month_kwh: Decimal | None
    age_s: float | None
    state: State
    quality: str | None
    error: str | None
    group_id: str | None = None
    breaker_percent: Decimal | None = None


class LiveFeeds(Model):
    """Power of A and B feeds, kW; null where that of a member is unknown or absent."""

    a_kw: Decimal | None
    b_kw: Decimal | None
    both_kw: Decimal | None


class LiveGroup(Model):
    """The enabled endpoints of a group now.

    Attributes:
        power_kw: Sum over those online; null without any.
        today_kwh: Sum of what is known; `missing` are the names without a power.
        feeds: Of the members that are feeds; null without any.
    """

    group_id: str
    group_name: str
    power_kw: Decimal | None
    today_kwh: Decimal
    month_kwh: Decimal
    missing: list[str]
    feeds: LiveFeeds | None


class LiveSummary(Model):
    """All endpoints together.

    Attributes:
        total_kwh: Sum of the latest registers of enabled endpoints, kWh.
        monthly_consumption: Sum of their current months, kWh.
        total_power_kw: Sum of power over the endpoints online; null without any.
        groups: By name, those with enabled endpoints.
        feeds: Of all endpoints that are A or B feeds; null without any.
    """

    total_endpoints: int
    active_endpoints: int
    total_kwh: Decimal
    monthly_consumption: Decimal
    total_power_kw: Decimal | None
    groups: list[LiveGroup] = []
    feeds: LiveFeeds | None = None


class Live(Model):
    """Data of `live`."""

    endpoints: list[LiveEndpoint]
    summary: LiveSummary


class LiveAnswer(Success[Live]):
    """The whole answer of `live`."""

    timestamp: datetime
