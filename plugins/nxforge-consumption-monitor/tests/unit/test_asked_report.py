"""Which report an address asks for, and the ways to others."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from nxforge_consumption_monitor.pages._asked_report import AskedReport, asked_report
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import InvalidInputError

NOW = datetime(2025, 3, 10, 12, 0, tzinfo=UTC)


def asked(**params: str) -> AskedReport:
    """What the address asks for in Bucharest at noon of a Monday in March."""
    clock = SimpleNamespace(now=lambda: NOW)
    ctx: Any = SimpleNamespace(
        clock=clock, settings=MonitorSettings(time_zone="Europe/Bucharest")
    )
    return asked_report(ctx, params)


@pytest.mark.parametrize(
    ("params", "title"),
    [
        ({}, "March 2025"),
        ({"period": "day"}, "Monday, 10 March 2025"),
        ({"period": "week"}, "10 March to 16 March 2025"),
        ({"period": "month", "date": "2024-02-29"}, "February 2024"),
        ({"period": "year", "date": "2024-02-29"}, "2024"),
    ],
)
def test_period_has_a_title(params: dict[str, str], title: str) -> None:
    """By default it is the current month of the site."""
    assert asked(**params).title == title


@pytest.mark.parametrize(
    ("params", "texts"),
    [
        ({}, ["← February 2025", "March 2025"]),
        (
            {"date": "2025-02-01"},
            ["← January 2025", "February 2025", "March 2025 →", "now"],
        ),
        (
            {"period": "day", "date": "2025-03-09"},
            [
                "← Saturday, 8 March 2025",
                "Sunday, 9 March 2025",
                "Monday, 10 March 2025 →",
                "now",
            ],
        ),
    ],
)
def test_steps_lead_to_the_neighbours_up_to_now(
    params: dict[str, str], texts: list[str]
) -> None:
    """No step leads into the future, and from the past one leads back to now."""
    assert [each.text for each in asked(**params).steps()] == texts


def test_step_keeps_what_else_was_chosen() -> None:
    """The group and the comparison stay when the period changes."""
    report = asked(period="week", group="g", compare="lastYear")
    assert report.steps()[0].params == {
        "period": "week",
        "date": "2025-03-09",
        "group": "g",
        "compare": "lastYear",
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [("period", "decade"), ("date", "tomorrow"), ("compare", "next")],
)
def test_address_that_says_something_else_is_refused(name: str, value: str) -> None:
    """The error names what is wrong."""
    with pytest.raises(InvalidInputError) as caught:
        asked(**{name: value})
    assert name in caught.value.message
    assert value in caught.value.message
