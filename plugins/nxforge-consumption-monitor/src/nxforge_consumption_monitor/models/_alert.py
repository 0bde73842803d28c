"""Alerts and the rules that make them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta

from nxforge_core.api import Body, Model

__all__ = [
    "AlertKind",
    "AlertRuleBody",
    "AlertRuleView",
    "AlertState",
    "AlertView",
    "Severity",
]

AlertKind = Literal[
    "offline",
    "login_paused",
    "page_changed",
    "register_event",
    "clock_skew",
    "estimated_percent",
    "breaker_percent",
    "power_kw",
    "peak_kw",
    "month_kwh",
]
AlertState = Literal["pending", "firing", "resolved"]
Severity = Literal["info", "warning", "critical"]
_Seconds = Annotated[int, Meta(ge=0, le=604_800)]


class AlertRuleBody(Body):
    """A rule: where the value of a kind reaches the threshold, there is an alert.

    Attributes:
        endpoint_id: Null: every endpoint.
        for_s: So many seconds it must be so before the alert fires.
        keep_s: So many seconds it must not be so before it is resolved.
    """

    kind: AlertKind
    threshold: Decimal
    endpoint_id: str | None = None
    for_s: _Seconds = 0
    keep_s: _Seconds = 0
    severity: Severity = "warning"
    enabled: bool = True


class AlertRuleView(Model):
    """A rule as it is stored."""

    id: int
    kind: AlertKind
    endpoint_id: str | None
    threshold: Decimal
    for_s: int
    keep_s: int
    severity: Severity
    enabled: bool


class AlertView(Model):
    """What was found, from the first sign to the end.

    Attributes:
        value: The latest one.
        began_at: When it was so first.
        fired_at: When it had been so for long enough.
    """

    id: int
    rule_id: int
    kind: AlertKind
    severity: Severity
    endpoint_id: str
    endpoint_name: str
    state: AlertState
    value: Decimal
    threshold: Decimal
    began_at: datetime
    fired_at: datetime | None
    resolved_at: datetime | None
