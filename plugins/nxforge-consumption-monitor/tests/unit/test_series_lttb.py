"""A chart of few points looks like one of many."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nxforge_consumption_monitor.series._lttb import lttb, runs_of, shares

_GOLDEN: Final = Path(__file__).parents[4].parent / "shared/golden/vectors.json"
_NOON: Final = datetime(2025, 3, 1, 12, tzinfo=UTC)
_MINUTE: Final = timedelta(minutes=1)


def test_choice_equals_the_published_example() -> None:
    """The sine of the golden vector gives its eight points."""
    if not _GOLDEN.exists():
        pytest.skip("the golden vectors are not beside this folder")
    case = json.loads(_GOLDEN.read_text("utf-8"))["lttb"]
    hours = range(1, 169)
    ys = [5 + 5 * math.sin(hour / 24 * math.pi) for hour in hours]

    kept = lttb([float(hour) for hour in hours], ys, case["threshold"])

    assert [hours[index] for index in kept] == case["expected_x"]


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=300),
    st.integers(min_value=2, max_value=50),
)
def test_choice_keeps_both_ends_order_and_count(ys: list[float], count: int) -> None:
    """Whatever the values are: no point twice, none more than asked."""
    kept = lttb([float(x) for x in range(len(ys))], ys, count)

    assert (kept[0], kept[-1]) == (0, len(ys) - 1)
    assert kept == sorted(set(kept))
    assert len(kept) == min(count, len(ys))


def test_runs_end_where_a_gap_is() -> None:
    """A minute more than the longest step parts two runs; the longest does not."""
    steps = [0, 1, 2, 5, 6, 10]
    instants = [_NOON + step * _MINUTE for step in steps]

    assert runs_of(instants, 3 * _MINUTE) == [range(5), range(5, 6)]
    assert runs_of([], _MINUTE) == []


def test_short_runs_keep_both_their_ends() -> None:
    """However long the others are."""
    assert shares([range(1000), range(1000, 1003), range(1003, 1004)], 10) == [9, 2, 1]
