"""The guard of the matrix: a row that proved nothing fails."""

from __future__ import annotations

from random import Random

import pytest
from matrix import Fault, Line, VacuousError, table


def _fault(needed: int) -> Fault:
    line = Line("F0", "nothing", needed=needed)
    return Fault(line, needed, Random(1), removed=False)  # noqa: S311


def test_row_fails_when_its_fault_landed_too_seldom() -> None:
    """Good figures of a fault that did not happen are no proof."""
    fault = _fault(needed=2)
    fault.landed()
    fault.figure("lost", 0, limit=0)

    with pytest.raises(VacuousError, match="landed 1 times, 2 are needed"):
        fault.judge()


def test_row_fails_when_a_figure_is_above_its_limit() -> None:
    """The figure is named with its limit, even where the fault landed."""
    fault = _fault(needed=1)
    fault.landed()
    fault.figure("lost", 1, limit=0)

    with pytest.raises(AssertionError, match=r"lost 1 \(<= 0\)"):
        fault.judge()


def test_row_fails_without_any_figure() -> None:
    """A fault that landed and was not looked at is no proof either."""
    fault = _fault(needed=1)
    fault.landed()

    with pytest.raises(AssertionError, match="no figure"):
        fault.judge()


def test_table_shows_each_figure_of_a_row() -> None:
    """Row, fault and counts stand once, figures below each other."""
    fault = _fault(needed=1)
    fault.landed()
    fault.figure("lost", 0, limit=0)
    fault.figure("seconds", 1.5, limit=5)

    rows = table([fault.line])

    assert rows[1].split() == [
        "F0",
        "nothing",
        "1/1",
        "not",
        "finished",
        "lost",
        "0",
        "(<=",
        "0)",
    ]
    assert rows[2].split() == ["seconds", "1.5", "(<=", "5)"]
