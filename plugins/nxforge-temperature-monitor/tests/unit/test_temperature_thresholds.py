"""When a temperature is too high or too low, and when it is well again."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nxforge_temperature_monitor.thresholds import Limits, State, judge

DEGREES = st.decimals("-50", "120", places=3)
STATES = st.sampled_from(["normal", "low", "high"])


@st.composite
def limits(draw: st.DrawFn) -> Limits:
    """Any two thresholds, or one, or none, with room between them."""
    edge = st.none() | DEGREES
    back = draw(st.decimals("0", "10", places=3))
    made = Limits(draw(edge), draw(edge), back)
    assume(made.fit)
    return made


@pytest.mark.parametrize(
    ("before", "celsius", "after"),
    [
        ("normal", "29.999", "normal"),
        ("normal", "30", "high"),
        ("high", "29.001", "high"),
        ("high", "29", "normal"),
        ("normal", "10", "low"),
        ("low", "10.999", "low"),
        ("low", "11", "normal"),
        ("low", "30", "high"),
        ("high", "10", "low"),
    ],
)
def test_state_changes_at_the_threshold_and_back_after_the_hysteresis(
    before: State, celsius: str, after: State
) -> None:
    """Between 10 and 30 degrees, with one degree to come back."""
    edges = Limits(Decimal(10), Decimal(30), Decimal(1))

    assert judge(before, Decimal(celsius), edges) == after


@given(STATES, DEGREES, limits())
def test_beyond_a_threshold_is_never_normal(
    before: State, celsius: Decimal, edges: Limits
) -> None:
    """Whatever was before: too hot is too hot, and too cold is too cold."""
    after = judge(before, celsius, edges)

    if edges.high is not None and celsius >= edges.high:
        assert after == "high"
    elif edges.low is not None and celsius <= edges.low:
        assert after == "low"


@given(STATES, DEGREES, limits())
def test_same_temperature_again_changes_nothing(
    before: State, celsius: Decimal, edges: Limits
) -> None:
    """A state is stable under the value that led to it."""
    after = judge(before, celsius, edges)

    assert judge(after, celsius, edges) == after


@given(st.lists(DEGREES, max_size=30), limits())
def test_swinging_within_the_hysteresis_is_one_alert(
    values: list[Decimal], edges: Limits
) -> None:
    """Values that stay above the way back end no alert."""
    assume(edges.high is not None)
    assert edges.high is not None
    state: State = "high"
    for value in values:
        if value > edges.high - edges.hysteresis:
            state = judge(state, value, edges)

    assert state == "high"


@given(STATES, DEGREES)
def test_without_thresholds_everything_is_normal(before: State, value: Decimal) -> None:
    """A sensor that is only recorded alarms nobody."""
    assert judge(before, value, Limits()) == "normal"
