"""How a meter is, in a word with its reason."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from nxforge_consumption_monitor.models import LiveEndpoint
from nxforge_consumption_monitor.pages._states import is_away, state_of, worst_first
from nxforge_core.api import ui


def endpoint(name: str = "a", **members: Any) -> LiveEndpoint:
    """One that answers."""
    known: dict[str, Any] = {
        "id": name,
        "name": name,
        "client_name": None,
        "location": None,
        "enabled": True,
        "last_reading": None,
        "status": "online",
        "kind": "meter",
        "type": "power-meter",
        "interval_s": 60,
        "power_kw": Decimal(1),
        "register_kwh": Decimal(5),
        "today_kwh": None,
        "month_kwh": None,
        "age_s": 10.0,
        "state": "fresh",
        "quality": "measured",
        "error": None,
    }
    return LiveEndpoint(**known | members)


@pytest.mark.parametrize(
    ("members", "state"),
    [
        ({}, ui.State("online", "ok")),
        ({"enabled": False}, ui.State("off", "unknown", "not polled")),
        (
            {"status": "error", "error": "timed out after 10 s"},
            ui.State("failing", "bad", "timed out after 10 s"),
        ),
        (
            {"status": "error", "error": ""},
            ui.State("failing", "bad", "the latest poll failed"),
        ),
        (
            {"status": "offline", "state": "offline", "age_s": None},
            ui.State("waiting", "warning", "no reading yet"),
        ),
        (
            {"state": "stale", "age_s": 130.0},
            ui.State("late", "warning", "no reading for 2 min"),
        ),
        (
            {"status": "offline", "state": "offline", "age_s": 180_000.0},
            ui.State("silent", "bad", "no reading for 2 d"),
        ),
        (
            {"state": "stale", "age_s": 0.4},
            ui.State("late", "warning", "no reading for 0 s"),
        ),
    ],
)
def test_state_says_why(members: dict[str, Any], state: ui.State) -> None:
    """Each state has its word, its level and its reason."""
    assert state_of(endpoint(**members)) == state


def test_suspect_reading_is_a_warning() -> None:
    """The register waits for the next reading, and the word says so."""
    found = state_of(endpoint(quality="suspect"))
    assert (found.text, found.level) == ("suspect", "warning")


def test_worst_comes_first_then_the_largest_load() -> None:
    """What needs somebody, what needs a look, what is well by load, what is off."""
    given = [
        endpoint("off", enabled=False),
        endpoint("small"),
        endpoint("large", power_kw=Decimal(9)),
        endpoint("late", state="stale"),
        endpoint("broken", status="error"),
    ]
    found = [each.name for each in worst_first(given)]
    assert found == ["broken", "late", "large", "small", "off"]


def test_what_is_off_is_not_away() -> None:
    """Only what is polled and does not answer needs somebody."""
    assert is_away(endpoint(status="error"))
    assert not is_away(endpoint(status="error", enabled=False))
    assert not is_away(endpoint())
