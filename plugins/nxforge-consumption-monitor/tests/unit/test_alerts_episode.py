"""Alerts wait, fire once, repeat, and end: whatever flickers in between."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from nxforge_consumption_monitor.alerts import (
    Episode,
    Patience,
    advance,
    is_breached,
)

_START = datetime(2025, 3, 1, tzinfo=UTC)
_PATIENCE = Patience(timedelta(minutes=2), timedelta(minutes=3))


def _told(signs: list[bool | None], patience: Patience) -> list[str | None]:
    episode, told = None, []
    for minute, breached in enumerate(signs):
        now = _START + timedelta(minutes=minute)
        episode, change = advance(episode, now, patience, breached=breached)
        told.append(change)
        if change == "resolved":
            episode = None
    return told


def test_alert_fires_after_its_wait_and_ends_after_its_calm() -> None:
    """Two minutes until it fires, three without it until it ends."""
    told = _told([True] * 4 + [False] * 4, _PATIENCE)
    assert told == [None, None, "fired", None, None, None, None, "resolved"]


def test_short_sign_is_no_alert() -> None:
    """What ends within the wait was nothing."""
    assert set(_told([True, True, False, True, True, False], _PATIENCE)) == {None}


def test_flicker_does_not_end_an_alert() -> None:
    """Calm begins anew each time."""
    told = _told([True] * 3 + [False, False, True] * 5, _PATIENCE)
    assert [change for change in told if change] == ["fired"]


def test_alert_is_told_again_after_half_a_day() -> None:
    """Once, not every minute from then on."""
    told = _told([True] * 750, Patience())
    assert [minute for minute, change in enumerate(told) if change] == [0, 720]
    assert told[720] == "repeated"


def test_unknown_changes_nothing() -> None:
    """No data is neither good nor bad."""
    firing = Episode("firing", _START, told_at=_START)
    later = _START + timedelta(hours=1)
    assert advance(firing, later, Patience(), breached=None) == (firing, None)
    assert advance(None, later, Patience(), breached=None) == (None, None)


@given(st.lists(st.sampled_from([True, False, None]), max_size=60))
def test_what_fired_ends_before_it_fires_again(signs: list[bool | None]) -> None:
    """Whoever counts messages is never one off."""
    told = [each for each in _told(signs, _PATIENCE) if each in {"fired", "resolved"}]
    assert told == (["fired", "resolved"] * len(told))[: len(told)]


def test_number_must_fall_well_below_its_threshold() -> None:
    """Between 95 and 100 % a firing alert goes on, and no new one begins."""
    limit = Decimal(80)
    assert is_breached(Decimal(80), limit, firing=False)
    assert not is_breached(Decimal(79), limit, firing=False)
    assert is_breached(Decimal(79), limit, firing=True)
    assert not is_breached(Decimal(75), limit, firing=True)
