"""Alerts wait, fire once, repeat, and end: whatever flickers in between."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nxforge_consumption_monitor.alerts import (
    Change,
    Episode,
    Hush,
    Patience,
    Sign,
    advance,
    is_breached,
)

_START = datetime(2025, 3, 1, tzinfo=UTC)
_PATIENCE = Patience(timedelta(minutes=2), timedelta(minutes=3))
_NOW = Patience()
_SIGNS: dict[str, Sign] = {
    "x": "breached",
    ".": "calm",
    "?": "no_data",
    "!": "error",
}


def _course(
    signs: str, patience: Patience, *, hush: str = ""
) -> list[tuple[Episode | None, Change | None]]:
    """One sign a minute; a letter of `hush` each: r no repeats, a nothing at all."""
    hushes: dict[str, Hush] = {"r": "again", "a": "all"}
    episode, course = None, []
    for minute, sign in enumerate(signs):
        episode, change = advance(
            episode,
            _START + timedelta(minutes=minute),
            patience,
            _SIGNS[sign],
            hush=hushes.get(hush[minute : minute + 1], ""),
        )
        course.append((episode, change))
        if episode is not None and episode.state == "resolved":
            episode = None
    return course


def _told(signs: str, patience: Patience, *, hush: str = "") -> list[str | None]:
    return [change for _, change in _course(signs, patience, hush=hush)]


def _states(signs: str, patience: Patience) -> list[str]:
    return [
        "normal" if episode is None else episode.state
        for episode, _ in _course(signs, patience)
    ]


def test_alert_fires_after_its_wait_and_ends_after_its_calm() -> None:
    """Two minutes until it fires, three without it until it ends."""
    told = _told("xxxx....", _PATIENCE)
    assert told == [None, None, "fired", None, None, None, None, "resolved"]


def test_short_sign_is_no_alert() -> None:
    """What ends within the wait was nothing."""
    assert set(_told("xx.xx.", _PATIENCE)) == {None}


def test_flicker_does_not_end_an_alert() -> None:
    """Calm begins anew each time."""
    told = _told("xxx" + "..x" * 5, _PATIENCE)
    assert [change for change in told if change] == ["fired"]


def test_alert_is_told_again_after_half_a_day() -> None:
    """Once, not every minute from then on."""
    told = _told("x" * 750, _NOW)
    assert [minute for minute, change in enumerate(told) if change] == [0, 720]
    assert told[720] == "repeated"


def test_first_repeat_can_come_sooner() -> None:
    """An endpoint that is silent for an hour is told of again, then twice a day."""
    told = _told("x" * 800, Patience(first_repeat=timedelta(hours=1)))
    assert [minute for minute, change in enumerate(told) if change] == [0, 60, 780]


def test_time_in_which_nobody_looked_counts_for_no_repeat() -> None:
    """A late start sends no old alert again."""
    firing = Episode("firing", _START, told_at=_START, told=1)
    late = _START + timedelta(days=2)
    kept, change = advance(firing, late, _NOW, "breached", resumed_at=late)
    assert (kept, change) == (firing, None)
    later = late + timedelta(hours=12)
    assert advance(firing, later, _NOW, "breached", resumed_at=late)[1] == "repeated"


@pytest.mark.parametrize("sign", ["?", "!"])
def test_unknown_neither_fires_nor_ends(sign: str) -> None:
    """A firing alert goes on, and says that it is not known."""
    course = _course("xxx" + sign * 9, _PATIENCE)
    episode, change = course[-1]
    assert change is None
    assert episode is not None
    assert (episode.state, episode.unknown) == ("firing", _SIGNS[sign])


def test_states_are_kept_apart() -> None:
    """Normal, pending, firing, no data, error: each is its own."""
    assert _states("?.xxx?....", _PATIENCE) == [
        "no_data",
        "normal",
        "pending",
        "pending",
        "firing",
        "firing",
        "firing",
        "firing",
        "firing",
        "resolved",
    ]
    assert _states("!?!", _PATIENCE) == ["error", "no_data", "error"]


def test_pending_waits_anew_after_what_was_not_known() -> None:
    """Minutes without a value are no minutes in which it was so."""
    assert _told("xx?xx", _PATIENCE) == [None] * 5
    assert _told("xx?xxx", _PATIENCE)[-1] == "fired"


def test_no_data_is_never_told() -> None:
    """The alert of the silent endpoint tells it; each other rule would say the same."""
    assert set(_told("?" * 2000, _NOW)) == {None}


def test_error_is_told_once_and_its_end_too() -> None:
    """A rule that cannot be compared is somebody's mistake."""
    told = _told("!" * 2000 + "..", _PATIENCE)
    assert [(minute, each) for minute, each in enumerate(told) if each] == [
        (2, "failed"),
        (2000, "resolved"),
    ]


def test_known_alert_is_not_repeated_and_its_end_is_told() -> None:
    """Whoever acknowledged it wants to hear when it is over."""
    told = _told("x" * 800 + ".", _NOW, hush=" " + "r" * 800)
    assert [each for each in told if each] == ["fired", "resolved"]


def test_silenced_alert_is_told_when_the_silence_ends_before_it() -> None:
    """What began in a silence and outlasts it is news then."""
    assert _told("xxxx", _NOW, hush="aa") == [None, None, "fired", None]
    assert _told("xx..", _NOW, hush="aaaa") == [None] * 4


@given(
    st.text("x.?!", max_size=80),
    st.integers(0, 4),
    st.integers(0, 4),
)
def test_rule_never_flips_more_often_than_its_patience_allows(
    signs: str, wait: int, keep: int
) -> None:
    """From its end to the next fire at least the wait, from fire to end the calm."""
    patience = Patience(timedelta(minutes=wait), timedelta(minutes=keep))
    told = [
        (minute, change)
        for minute, change in enumerate(_told(signs, patience))
        if change in {"fired", "resolved"}
    ]
    for (before, first), (after, second) in pairwise(told):
        if (first, second) == ("fired", "resolved"):
            assert after - before > keep
        if (first, second) == ("resolved", "fired"):
            assert after - before > wait


@given(st.text("x.?", max_size=60))
def test_what_fired_ends_before_it_fires_again(signs: str) -> None:
    """Whoever counts messages is never one off."""
    told = [each for each in _told(signs, _PATIENCE) if each in {"fired", "resolved"}]
    assert told == (["fired", "resolved"] * len(told))[: len(told)]


@given(st.text("x.?!", max_size=60), st.text(" ra", max_size=60))
def test_every_end_that_is_told_was_told_before(signs: str, hush: str) -> None:
    """Nobody hears of the end of what they never heard of, whoever hushed it."""
    open_ones = 0
    for change in _told(signs, _PATIENCE, hush=hush):
        if change in {"fired", "failed"}:
            open_ones += 1
        elif change == "resolved":
            open_ones -= 1
        assert open_ones in {0, 1}


def test_number_must_fall_well_below_its_threshold() -> None:
    """Between 95 and 100 % a firing alert goes on, and no new one begins."""
    limit = Decimal(80)
    assert is_breached("power_kw", Decimal(80), limit, firing=False)
    assert not is_breached("power_kw", Decimal(79), limit, firing=False)
    assert is_breached("power_kw", Decimal(79), limit, firing=True)
    assert not is_breached("power_kw", Decimal(75), limit, firing=True)


def test_days_that_are_left_are_reached_from_above() -> None:
    """Fourteen days before the end, and well after fifteen it is over."""
    limit = Decimal(14)
    assert is_breached("token_days", Decimal(14), limit, firing=False)
    assert not is_breached("token_days", Decimal("14.1"), limit, firing=False)
    assert is_breached("token_days", Decimal("14.1"), limit, firing=True)
    assert not is_breached("token_days", Decimal(300), limit, firing=True)
