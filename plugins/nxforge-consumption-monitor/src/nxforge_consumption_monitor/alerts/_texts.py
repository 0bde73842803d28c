"""What is said of an alert: every word of every kind is here. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

import msgspec

from nxforge_consumption_monitor.models import AlertKind, AlertState

from ._kinds import KINDS

__all__ = ["Facts", "Words", "words_of"]


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What an alert is about.

    Attributes:
        value: The latest that is known.
        since: When it was so first.
        detail: What else is known, a sentence or a word.
    """

    kind: AlertKind
    state: AlertState
    endpoint_name: str
    value: Decimal | None
    threshold: Decimal
    since: datetime
    detail: str = ""


class Words(msgspec.Struct, frozen=True):
    """A message, and what to do."""

    message: str
    remedy: str


#: `{name}`, `{value}` and `{threshold}` with their units, `{detail}`; the time follows.
_WORDS: Final[Mapping[AlertKind, Words]] = {
    "offline": Words(
        "{name} gives no reading{detail}; that lasts {value} (limit {threshold})",
        "Check power and network of the device, then poll it now.",
    ),
    "login_paused": Words(
        "{name} refused the login twice and is not asked any more{detail}",
        "Change the credential of the endpoint: that ends the pause.",
    ),
    "page_changed": Words(
        "{name} answers, and its page has no value where the rule looks{detail}",
        "Compare the page with the rule by a dry run, and save the new rule.",
    ),
    "no_change": Words(
        "{name} repeats the same values: {value} in a row (limit {threshold})",
        "Look at the device: its page may be frozen. Restart it, or its gateway.",
    ),
    "zero_hours": Words(
        "{name} shows no consumption for {value} (limit {threshold})",
        "Check whether the load is off on purpose; if not, check meter and CT.",
    ),
    "power_energy_mismatch": Words(
        "power and register of {name} differ by {value} over an hour"
        " (limit {threshold})",
        "Check the units of the rule: Wh read as kWh is a factor of 1000,"
        " watt-minutes one of 60; then the multiplier.",
    ),
    "register_event": Words(
        "the register of {name} broke off: {value} proposed and undecided",
        "Confirm or dismiss what is proposed among the events.",
    ),
    "clock_skew": Words(
        "the clock of {name} is wrong by more than two minutes",
        "Set the device's clock or its time server; until then the time of the poll"
        " is used.",
    ),
    "estimated_percent": Words(
        "{value} of this month's energy of {name} lies in gaps (limit {threshold})",
        "Import readings for the gaps, or find out why polls fail.",
    ),
    "current_a": Words(
        "{name} carries {value} (limit {threshold})",
        "Take load off, or move it to another circuit.",
    ),
    "breaker_percent": Words(
        "{name} carries {value} of its breaker's rating (limit {threshold})",
        "Take load off before the breaker trips.",
    ),
    "feeds_percent": Words(
        "without the other feed, {name} would carry {value} of its breaker's rating"
        " (limit {threshold}): a failover would trip it",
        "Take load off either feed, or move it to another rack.",
    ),
    "imbalance_percent": Words(
        "a phase of {name} is {value} away from the mean of the three"
        " (limit {threshold})",
        "Move loads between the phases.",
    ),
    "power_kw": Words(
        "{name} draws {value} (limit {threshold})",
        "Find out what draws it, or raise the limit.",
    ),
    "peak_kw": Words(
        "the highest quarter of an hour of {name} this month is {value}"
        " (limit {threshold})",
        "Spread loads over time, or have more power contracted.",
    ),
    "month_kwh": Words(
        "{name} has used {value} this month (budget {threshold})",
        "Tell whoever pays for it, or raise the budget.",
    ),
    "forecast_kwh": Words(
        "{name} will have used {value} at the end of the month, going on like the"
        " last seven days (budget {threshold})",
        "Reduce consumption, or raise the budget.",
    ),
    "certificate_days": Words(
        "the certificate of {name} ends in {value} (limit {threshold}){detail}",
        "Renew it on the device; where it is pinned, pin the new one.",
    ),
    "token_days": Words(
        "the token with which {name} is asked ends in {value}"
        " (limit {threshold}){detail}",
        "Get a new token from the device and store it in the endpoint.",
    ),
}
_NOT_KNOWN: Final = Words(
    "whether the rule {kind} holds for {name} is not known{detail}",
    "Nothing, as long as the endpoint's other alerts are seen to.",
)
_CANNOT_TELL: Final = Words(
    "the rule {kind} cannot be compared with {name}{detail}",
    "Change the rule or complete the endpoint.",
)


def words_of(facts: Facts) -> Words:
    """What is said of an alert, and what to do about it."""
    chosen = _WORDS[facts.kind]
    if facts.state == "no_data":
        chosen = _NOT_KNOWN
    elif facts.state == "error":
        chosen = _CANNOT_TELL
    shown = {
        "name": facts.endpoint_name,
        "kind": facts.kind,
        "value": _with_unit(facts.kind, facts.value),
        "threshold": _with_unit(facts.kind, facts.threshold),
        "detail": f" ({facts.detail})" if facts.detail else "",
    }
    since = f", since {facts.since:%Y-%m-%d %H:%M} UTC"
    if facts.state == "resolved":
        since = f"; it began {facts.since:%Y-%m-%d %H:%M} UTC and is over"
    return Words(chosen.message.format(**shown) + since, chosen.remedy)


def _with_unit(kind: AlertKind, value: Decimal | None) -> str:
    if value is None:
        return "an unknown value"
    if kind == "offline":
        return f"{_shown(value * 100)} % of the time allowed"
    unit = KINDS[kind].unit
    return f"{_shown(value)} {unit}" if unit else _shown(value)


def _shown(value: Decimal) -> str:
    places = Decimal("0.1") if abs(value) >= 10 else Decimal("0.01")  # noqa: PLR2004
    rounded = value.quantize(places, rounding=ROUND_HALF_UP)
    whole = rounded.to_integral_value()
    return f"{whole:f}" if rounded == whole else f"{rounded.normalize():f}"
