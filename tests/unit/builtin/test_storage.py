"""The room that data takes, and what it will be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from nxforge_core.builtin import Stored
from nxforge_core.builtin._settings import list_storage

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def context(days: float | None, keep: tuple[int, ...]) -> Any:
    """A host whose runs began so many days ago and whose jobs keep theirs so long."""
    oldest = None if days is None else NOW - timedelta(days=days)
    stored = [Stored(what="runs", plugin=None, size=1_000, oldest=oldest)]
    jobs = [SimpleNamespace(spec=SimpleNamespace(keep_days=each)) for each in keep]

    async def storage() -> list[Stored]:
        return stored

    async def find_all() -> list[Any]:
        return jobs

    host = SimpleNamespace(storage=storage, plans=SimpleNamespace(find_all=find_all))
    return SimpleNamespace(host=host, clock=SimpleNamespace(now=lambda: NOW))


@pytest.mark.parametrize(
    ("days", "daily"), [(10, 100.0), (7, 1_000 / 7), (6.9, None), (None, None)]
)
async def test_pace_is_told_after_a_week(days: float | None, daily: Any) -> None:
    """Before that, empty tables are most of what there is."""
    [found] = await list_storage(context(days, (30,)))

    assert found.daily == daily


async def test_runs_are_kept_as_long_as_the_most_patient_job_says() -> None:
    """They lie in one table; without a job nothing is kept."""
    [found] = await list_storage(context(10, (30, 365, 7)))
    [empty] = await list_storage(context(10, ()))

    assert (found.keep_days, empty.keep_days) == (365, 0)
