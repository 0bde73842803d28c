"""How a meter is, in a word with its reason; the worst comes first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from nxforge_consumption_monitor.models import LiveEndpoint, State
from nxforge_core.api import load_texts, ui

from ._words import span_words

__all__ = ["QUALITY_LEVELS", "is_away", "state_of", "worst_first"]

say = load_texts(__package__)

#: How good a reading of a quality is.
QUALITY_LEVELS: Final[dict[str, ui.Level]] = {
    "measured": "ok",
    "manual": "ok",
    "suspect": "warning",
    "rejected": "bad",
}
_RANKS: Final[dict[ui.Level, int]] = {"bad": 0, "warning": 1, "ok": 2, "info": 2}
_OFF: Final = 3


def state_of(endpoint: LiveEndpoint) -> ui.State:
    """Whether it answers, and if not, why."""
    if not endpoint.enabled:
        return ui.State(say("off"), "unknown", say("not polled"))
    if endpoint.status == "error":
        return ui.State(
            say("failing"), "bad", endpoint.error or say("the latest poll failed")
        )
    if endpoint.age_s is None:
        return ui.State(say("waiting"), "warning", say("no reading yet"))
    if endpoint.state != "fresh":
        return _silent(endpoint.state, endpoint.age_s)
    if endpoint.quality == "suspect":
        words = say(
            "the latest reading waits for the next one: its register is doubtful"
        )
        return ui.State(say("suspect"), "warning", words)
    return ui.State(say("online"), "ok")


def _silent(state: State, age_s: float) -> ui.State:
    words = say("no reading for {span_words}").format(span_words=span_words(age_s))
    if state == "offline":
        return ui.State(say("silent"), "bad", words)
    return ui.State(say("late"), "warning", words)


def is_away(endpoint: LiveEndpoint) -> bool:
    """Whether somebody should look at it: it is polled, and its values are not new."""
    return endpoint.enabled and state_of(endpoint).level in {"bad", "warning"}


def worst_first(endpoints: Iterable[LiveEndpoint]) -> list[LiveEndpoint]:
    """Failing ones before late ones before good ones, each by load and name."""
    return sorted(endpoints, key=_order)


def _order(endpoint: LiveEndpoint) -> tuple[int, float, str]:
    rank = _RANKS.get(state_of(endpoint).level, _OFF)
    return rank, -float(endpoint.power_kw or 0), endpoint.name
