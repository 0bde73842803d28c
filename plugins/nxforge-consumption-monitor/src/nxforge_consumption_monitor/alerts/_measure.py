"""The one number that each kind of rule compares with its threshold. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final

from nxforge_consumption_monitor.models import AlertKind
from nxforge_consumption_monitor.store import WatchedEndpoint

__all__ = ["is_breached", "measure"]

#: Without a reading for so many intervals, and for so many seconds at least.
_SILENT_INTERVALS: Final = 3
_SILENT_SECONDS: Final = 900
_PAUSED_AFTER: Final = 2
#: A firing alert of a number goes on until the number is so far below.
_RELEASE: Final = Decimal("0.95")
#: The device answered, and not as it used to.
_PAGE: Final = frozenset(
    {
        "ambiguous_number",
        "decode",
        "no_number",
        "selector_missing",
        "unexpected_content",
        "unit",
    }
)
_THREE_PLACES: Final = Decimal("0.001")

_Measure = Callable[[WatchedEndpoint, datetime], Decimal | None]


def measure(
    kind: AlertKind, endpoint: WatchedEndpoint, now: datetime
) -> Decimal | None:
    """The number of a kind, to three decimals; None where it is not known."""
    value = _MEASURES[kind](endpoint, now)
    return None if value is None else value.quantize(_THREE_PLACES)


def is_breached(value: Decimal, threshold: Decimal, *, firing: bool) -> bool:
    """Whether a number has reached its threshold, or has not left it again."""
    return value >= (threshold * _RELEASE if firing else threshold)


def _silence(endpoint: WatchedEndpoint, now: datetime) -> Decimal:
    allowed = max(_SILENT_INTERVALS * endpoint.interval_s, _SILENT_SECONDS)
    return Decimal((now - endpoint.seen_at).total_seconds()) / allowed


def _flag(*, raised: bool) -> Decimal:
    return Decimal(int(raised))


def _share(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    return part * 100 / whole if part is not None and whole else None


_MEASURES: Final[Mapping[AlertKind, _Measure]] = {
    "offline": _silence,
    "login_paused": lambda e, _: _flag(raised=e.auth_failures >= _PAUSED_AFTER),
    "page_changed": lambda e, _: _flag(raised=e.outcome in _PAGE),
    "register_event": lambda e, _: Decimal(e.proposed),
    "clock_skew": lambda e, _: _flag(raised=e.clock_skewed),
    "estimated_percent": lambda e, _: _share(e.estimated_kwh, e.month_kwh),
    "breaker_percent": lambda e, _: _share(e.current_a, e.breaker_a),
    "power_kw": lambda e, _: e.power_kw,
    "peak_kw": lambda e, _: e.peak_kw,
    "month_kwh": lambda e, _: e.month_kwh,
}
