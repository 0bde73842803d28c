"""What each kind of rule compares: unit, range of thresholds, what it needs. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

import msgspec

from nxforge_consumption_monitor.models import AlertKind

__all__ = ["KINDS", "Kind", "check_threshold", "is_breached"]

#: A firing alert of a number goes on until the number is so far away again.
_RELEASE: Final = Decimal("0.95")
_LARGEST: Final = Decimal("1e12")


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of rule.

    Attributes:
        unit: Of value and threshold; empty: a count or a flag.
        low: The least threshold.
        high: The highest one.
        is_whole: Only whole numbers are thresholds.
        counts_down: The value is what is left: reached from above.
        repeats_soon: It is told again after one hour the first time.
        is_scraping: No reading comes in because of it.
        needs: What an endpoint must have for it; a rule that names one without is in
            error, others leave that endpoint out.
    """

    unit: str = ""
    low: Decimal = Decimal("0.001")
    high: Decimal = _LARGEST
    is_whole: bool = False
    counts_down: bool = False
    repeats_soon: bool = False
    is_scraping: bool = False
    needs: str = ""


_ONE: Final = Decimal(1)
_YEAR: Final = Decimal(366)
_RATING: Final = "a current and the rating of its breaker (breakerA)"
_FLAG: Final = Kind(low=_ONE, high=_ONE)

KINDS: Final[Mapping[AlertKind, Kind]] = {
    "offline": Kind(
        unit="of the time allowed",
        low=_ONE,
        high=Decimal(100),
        repeats_soon=True,
        is_scraping=True,
    ),
    "login_paused": Kind(low=_ONE, high=_ONE, is_scraping=True),
    "page_changed": Kind(low=_ONE, high=_ONE, is_scraping=True),
    "no_change": Kind(
        unit="polls", low=Decimal(3), high=Decimal(10_000), is_whole=True
    ),
    "zero_hours": Kind(unit="h", low=_ONE, high=Decimal(8784)),
    "power_energy_mismatch": Kind(
        unit="%", low=_ONE, high=Decimal(100), needs="a register and a power"
    ),
    "register_event": Kind(low=_ONE, high=Decimal(1000), is_whole=True),
    "clock_skew": _FLAG,
    "estimated_percent": Kind(unit="%", high=Decimal(100)),
    "current_a": Kind(unit="A", needs="a current"),
    "breaker_percent": Kind(unit="%", high=Decimal(1000), needs=_RATING),
    "feeds_percent": Kind(
        unit="%",
        high=Decimal(1000),
        needs="two feeds with a current and the rating of a breaker: the channels "
        "feed_a and feed_b, or exactly two endpoints of the kind feed in one place "
        "of one group",
    ),
    "imbalance_percent": Kind(
        unit="%",
        low=_ONE,
        high=Decimal(200),
        needs="currents or powers of the channels l1, l2 and l3",
    ),
    "power_kw": Kind(unit="kW", needs="a power"),
    "peak_kw": Kind(unit="kW"),
    "month_kwh": Kind(unit="kWh"),
    "forecast_kwh": Kind(unit="kWh"),
    "certificate_days": Kind(
        unit="days", low=_ONE, high=_YEAR, counts_down=True, needs="a certificate"
    ),
    "token_days": Kind(
        unit="days",
        low=_ONE,
        high=_YEAR,
        counts_down=True,
        needs="a token whose end is known",
    ),
}


def is_breached(
    kind: AlertKind, value: Decimal, threshold: Decimal, *, firing: bool
) -> bool:
    """Whether a number has reached its threshold, or has not left it again."""
    if KINDS[kind].counts_down:
        return value <= (threshold / _RELEASE if firing else threshold)
    return value >= (threshold * _RELEASE if firing else threshold)


def check_threshold(kind: AlertKind, value: Decimal) -> str:
    """What is wrong with a threshold of a kind; empty: nothing."""
    of_kind = KINDS[kind]
    fits = value.is_finite() and of_kind.low <= value <= of_kind.high
    if fits and (not of_kind.is_whole or value == value.to_integral_value()):
        return ""
    if of_kind.low == of_kind.high:
        return f"give 1: {kind} is so or is not"
    words = "a whole number" if of_kind.is_whole else "a number"
    unit = f" {of_kind.unit}" if of_kind.unit else ""
    return f"give {words} from {of_kind.low:f} to {of_kind.high:f}{unit}"
