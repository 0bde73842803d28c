"""Alerts and the rules that make them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta

from nxforge_core.api import Body, Model, Success

from ._version import version_tag

__all__ = [
    "AcknowledgeBody",
    "AlertCounts",
    "AlertKind",
    "AlertRuleBody",
    "AlertRuleView",
    "AlertState",
    "AlertSummary",
    "AlertView",
    "AlertsAnswer",
    "AlertsMeta",
    "Severity",
    "SeverityCounts",
    "UnknownState",
]

AlertKind = Literal[
    "offline",
    "login_paused",
    "page_changed",
    "no_change",
    "zero_hours",
    "power_energy_mismatch",
    "register_event",
    "clock_skew",
    "estimated_percent",
    "current_a",
    "breaker_percent",
    "feeds_percent",
    "imbalance_percent",
    "power_kw",
    "peak_kw",
    "month_kwh",
    "forecast_kwh",
    "certificate_days",
    "token_days",
]
#: Why a value is not known: nothing to compare, or it cannot be compared.
UnknownState = Literal["no_data", "error"]
AlertState = Literal["pending", "firing", "no_data", "error", "resolved"]
Severity = Literal["info", "warning", "critical"]
_Seconds = Annotated[int, Meta(ge=0, le=604_800)]
_Note = Annotated[str, Meta(max_length=500)]


class AlertRuleBody(Body):
    """A rule: where the value of a kind reaches the threshold, there is an alert.

    Attributes:
        threshold: Of days that are left it is reached from above.
        endpoint_id: Only this endpoint. Null, and without a group: every endpoint.
        group_id: Only the endpoints of this group.
        for_s: So many seconds it must be so before the alert fires.
        keep_s: So many seconds it must not be so before it is resolved.
    """

    kind: AlertKind
    threshold: Decimal
    endpoint_id: str | None = None
    group_id: str | None = None
    for_s: _Seconds = 0
    keep_s: _Seconds = 0
    severity: Severity = "warning"
    enabled: bool = True


class AlertRuleView(Model):
    """A rule as it is stored.

    Attributes:
        unit: Of its threshold.
    """

    id: int
    kind: AlertKind
    endpoint_id: str | None
    group_id: str | None
    threshold: Decimal
    unit: str
    for_s: int
    keep_s: int
    severity: Severity
    enabled: bool
    updated_at: datetime

    @property
    def etag(self) -> str:
        """Of this version."""
        return version_tag(self.updated_at)


class AlertView(Model):
    """What was found, from the first sign to the end.

    Attributes:
        unknown: Of a firing one whose value is not known now: why.
        value: The latest that is known.
        message: What is so, in a sentence.
        remedy: What to do about it.
        began_at: When it was so first.
        fired_at: When it had been so for long enough.
        told: How often it was told.
        acknowledged_by: Who knows; it is not told again before `acknowledged_until`,
            or before its end.
    """

    id: int
    rule_id: int
    kind: AlertKind
    severity: Severity
    endpoint_id: str
    endpoint_name: str
    state: AlertState
    unknown: UnknownState | None
    value: Decimal | None
    threshold: Decimal
    unit: str
    message: str
    remedy: str
    began_at: datetime
    fired_at: datetime | None
    resolved_at: datetime | None
    told: int
    acknowledged_by: str | None
    acknowledged_at: datetime | None
    acknowledged_until: datetime | None
    note: str


class AlertsMeta(Model):
    """Where the next page begins.

    Attributes:
        next_cursor: Value of `cursor` for the next page; null on the last.
    """

    next_cursor: str | None


class AlertsAnswer(Success[list[AlertView]]):
    """A page of alerts, the newest first."""

    # Of an inherited member the OpenAPI document would not know the type.
    data: list[AlertView]
    meta: AlertsMeta


class AcknowledgeBody(Body):
    """Somebody knows.

    Attributes:
        until: Nothing is told of this rule and this endpoint before then, of a new
            alert neither. Null: this alert is not told again before its end.
    """

    until: datetime | None = None
    note: _Note = ""


class SeverityCounts(Model):
    """How many alerts of each severity fire."""

    info: int
    warning: int
    critical: int


class AlertCounts(Model):
    """How many alerts are in each state; what is normal is no alert."""

    pending: int
    firing: int
    no_data: int
    error: int


class AlertSummary(Model):
    """How things stand.

    Attributes:
        firing_by_severity: Of the firing ones.
        acknowledged: Of the firing ones, those that somebody knows of.
        endpoints_watched: Endpoints that are enabled.
        endpoints_normal: Of them, those without an alert that fires or is pending.
        paused_webhooks: Webhooks that failed for a day: nobody is told by them.
        watched_at: When the endpoints were compared last.
    """

    states: AlertCounts
    firing_by_severity: SeverityCounts
    acknowledged: int
    endpoints_watched: int
    endpoints_normal: int
    paused_webhooks: int
    watched_at: datetime | None
