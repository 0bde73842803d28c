"""The one number that each kind of rule compares with its threshold. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Final

from nxforge_consumption_monitor.models import AlertKind
from nxforge_consumption_monitor.store.alerting import WatchedEndpoint

from . import _loads, _polls
from ._kinds import KINDS
from ._scene import Scene, Unknown, not_yet

__all__ = ["measure"]

_THREE_PLACES: Final = Decimal("0.001")
_DAY_S: Final = Decimal(86_400)

_Measure = Callable[[WatchedEndpoint, Scene], Decimal | Unknown | None]


def measure(
    kind: AlertKind, endpoint: WatchedEndpoint, scene: Scene, *, named: bool
) -> Decimal | Unknown | None:
    """The number of a kind, to three decimals.

    Args:
        kind: Of the rule.
        endpoint: What is watched.
        scene: Of the run.
        named: The rule names this endpoint, so what it needs must be there.

    Returns:
        The number; why it is not known; or None where it does not apply.
    """
    try:
        value = _MEASURES[kind](endpoint, scene)
        if isinstance(value, Decimal):
            return value.quantize(_THREE_PLACES)
    except (ArithmeticError, InvalidOperation, ValueError) as fault:
        return Unknown("error", f"its data cannot be compared ({type(fault).__name__})")
    if value is None and named:
        return Unknown("error", f"the endpoint lacks {KINDS[kind].needs or 'it'}")
    return value


def _estimated_share(endpoint: WatchedEndpoint, _: Scene) -> Decimal | Unknown:
    if endpoint.month_kwh is None or endpoint.estimated_kwh is None:
        return not_yet("nothing of this month is known yet")
    if not endpoint.month_kwh:
        return Decimal(0)
    if _is_young(endpoint):
        return not_yet("less than a day's energy of this month is known")
    return endpoint.estimated_kwh * 100 / endpoint.month_kwh


def _is_young(endpoint: WatchedEndpoint) -> bool:
    # The first minutes of a meter or a month may lie in a gap as a whole: no share yet.
    known = endpoint.week_s or Decimal(0)
    if known < _DAY_S or endpoint.month_kwh is None or endpoint.week_kwh is None:
        return True
    return endpoint.month_kwh * known < endpoint.week_kwh * _DAY_S


def _peak(endpoint: WatchedEndpoint, _: Scene) -> Decimal | Unknown:
    if endpoint.peak_kw is None:
        return not_yet("no quarter of an hour of this month is known yet")
    return endpoint.peak_kw


_MEASURES: Final[Mapping[AlertKind, _Measure]] = {
    "offline": _polls.silence,
    "login_paused": _polls.is_login_paused,
    "page_changed": _polls.has_page_changed,
    "no_change": _polls.frozen_polls,
    "zero_hours": _polls.idle_hours,
    "power_energy_mismatch": _polls.mismatch,
    "register_event": lambda endpoint, _: Decimal(endpoint.proposed),
    "clock_skew": _polls.is_clock_skewed,
    "estimated_percent": _estimated_share,
    "current_a": _loads.current,
    "breaker_percent": _loads.breaker_share,
    "feeds_percent": _loads.feeds_share,
    "imbalance_percent": _loads.imbalance,
    "power_kw": _loads.power,
    "peak_kw": _peak,
    "month_kwh": _loads.month_energy,
    "forecast_kwh": _loads.forecast,
    "certificate_days": _polls.certificate_left,
    "token_days": _polls.token_left,
}
