"""What readers of runs may ask for."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from nxforge_core.api import InvalidInputError
from nxforge_core.jobs import RunFilter
from nxforge_core.jobs.reading._filters import levels_from, pattern


@pytest.mark.parametrize(
    ("wanted", "named"),
    [
        ({"states": ["failed", "done"]}, "done"),
        ({"trigger": "cron"}, "cron"),
        ({"since": datetime(2026, 11, 2)}, "2026-11-02"),  # noqa: DTZ001 - what is refused
        ({"until": datetime(2026, 11, 2)}, "2026-11-02"),  # noqa: DTZ001 - what is refused
    ],
)
def test_filter_names_what_there_is_not(wanted: dict[str, Any], named: str) -> None:
    """A state, a trigger or an instant that cannot be is refused with its value."""
    with pytest.raises(InvalidInputError, match=named):
        RunFilter(**wanted).arguments()


def test_filter_without_wishes_means_every_run() -> None:
    """No wish is no condition."""
    assert RunFilter().arguments() == (None,) * 7


def test_filter_keeps_its_instants() -> None:
    """What is asked for reaches the statement as it is."""
    at = datetime(2026, 11, 2, tzinfo=UTC)

    found = RunFilter(states=["lost"], since=at).arguments()

    assert found == (None, None, ["lost"], None, None, at, None)


def test_level_means_that_or_worse() -> None:
    """Whoever asks for warnings sees errors too."""
    assert levels_from("warning") == ["warning", "error", "critical"]
    assert levels_from(None) is None


def test_unknown_level_is_refused() -> None:
    """A level that no line has is named."""
    with pytest.raises(InvalidInputError, match="loud"):
        levels_from("loud")


@pytest.mark.parametrize(
    ("search", "like"),
    [
        ("pump", "%pump%"),
        ("100%", r"%100\%%"),
        ("a_b", r"%a\_b%"),
        ("c:\\x", r"%c:\\x%"),
        ("", None),
        (None, None),
    ],
)
def test_search_takes_every_sign_as_it_is(search: str | None, like: str | None) -> None:
    """Signs with a meaning in LIKE lose it."""
    assert pattern(search) == like


def test_search_is_bounded() -> None:
    """A text of more than 200 characters is refused."""
    with pytest.raises(InvalidInputError, match="search"):
        pattern("x" * 201)
