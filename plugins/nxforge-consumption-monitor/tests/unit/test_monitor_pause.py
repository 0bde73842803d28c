"""When endpoints are due and how long they rest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from nxforge_consumption_monitor.collect import retry_at
from nxforge_consumption_monitor.endpoints import phase_of

_NOW = datetime(2025, 3, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failures", "minutes"), [(2, 1), (3, 2), (4, 4), (5, 8), (6, 15), (1000, 15)]
)
def test_rest_doubles_up_to_a_quarter_of_an_hour(failures: int, minutes: int) -> None:
    """From the second failure in a row on the rest doubles, and it has an end."""
    assert retry_at(failures, _NOW, 300) == _NOW + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("failures", "seconds"), [(2, 5), (3, 10), (6, 80), (9, 640), (10, 900), (99, 900)]
)
def test_rest_begins_with_the_interval_of_a_fast_endpoint(
    failures: int, seconds: int
) -> None:
    """An endpoint polled every five seconds does not lose a minute to a hiccup."""
    assert retry_at(failures, _NOW, 5) == _NOW + timedelta(seconds=seconds)


def test_first_failure_costs_no_rest() -> None:
    """One failure is no reason to leave out a slot."""
    assert retry_at(1, _NOW, 300) is None


def test_phase_is_the_endpoints_own_and_lies_in_its_interval() -> None:
    """One endpoint always has one phase; two endpoints have different ones."""
    first, second = UUID(int=7), UUID(int=308)
    assert phase_of(first, 300) == 7
    assert phase_of(second, 300) == 8
    assert phase_of(UUID(int=2**127 + 5), 5) in range(5)
