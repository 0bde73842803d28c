"""How long a log-in waits, by arithmetic alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nxforge_core.security.people._backoff import (
    ACCOUNT,
    ADDRESS,
    PAIR,
    Rule,
    Trouble,
    after_failure,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
RULES = st.sampled_from([PAIR, ADDRESS, ACCOUNT])
COUNTS = st.floats(0, 1e12)


@given(rule=RULES, fewer=COUNTS, more=COUNTS)
def test_more_failures_never_wait_less(rule: Rule, fewer: float, more: float) -> None:
    """The pause grows with the failures and never beyond its limit."""
    fewer, more = sorted((fewer, more))

    assert 0 <= rule.pause(fewer) <= rule.pause(more) <= rule.longest


@pytest.mark.parametrize(
    ("failures", "seconds"), [(5, 0), (6, 1), (7, 2), (8, 4), (15, 512), (16, 900)]
)
def test_pause_doubles_from_the_first_that_is_not_free(
    failures: int, seconds: int
) -> None:
    """Five are free; then 1, 2, 4 seconds, up to a quarter of an hour."""
    assert PAIR.pause(failures) == seconds


@given(rule=RULES, failures=COUNTS, ago=st.floats(0, 1e7), again=st.floats(-1e7, 1e7))
def test_time_only_ever_helps(
    rule: Rule, failures: float, ago: float, again: float
) -> None:
    """Later there is never more to wait for, and a clock that is ahead hurts nobody."""
    trouble = Trouble(failures, NOW)
    soon = NOW + timedelta(seconds=ago)
    late = soon + timedelta(seconds=abs(again))
    before = NOW - timedelta(seconds=abs(again))

    assert trouble.level(rule, late) <= trouble.level(rule, soon) <= failures
    assert trouble.remaining(rule, late) <= trouble.remaining(rule, soon)
    assert trouble.remaining(rule, before) <= rule.longest


@given(rule=RULES, start=st.floats(0, 1e5))
def test_whoever_waits_long_enough_is_let_through(rule: Rule, start: float) -> None:
    """Nothing stays closed for longer than the longest pause."""
    trouble = Trouble(start, NOW)

    assert trouble.remaining(rule, NOW + timedelta(seconds=rule.longest)) == 0


def greedy(rules: list[Rule], hours: float) -> int:
    """Tries of somebody who fails again the moment that all rules let them."""
    now, tries = NOW, 0
    troubles: list[Trouble | None] = [None] * len(rules)
    while now < NOW + timedelta(hours=hours):
        troubles = [
            after_failure(rule, trouble, now)
            for rule, trouble in zip(rules, troubles, strict=True)
        ]
        tries += 1
        waits = [
            trouble.remaining(rule, now)
            for rule, trouble in zip(rules, troubles, strict=True)
            if trouble
        ]
        now += timedelta(seconds=max(*waits, 0.001))
    return tries


@given(hours=st.floats(0.01, 200))
def test_guesses_at_one_account_from_one_address_are_few(hours: float) -> None:
    """Sixteen, and four an hour: in a year some 35,000 of all passwords there are."""
    assert greedy([PAIR, ADDRESS, ACCOUNT], hours) <= 17 + 4 * hours


@given(hours=st.floats(0.01, 200))
def test_guesses_from_one_address_are_few_whatever_the_account(hours: float) -> None:
    """Another name for each try makes a little over thirty, and twelve an hour."""
    assert greedy([ADDRESS, Rule(1e9, 1, 1)], hours) <= 32 + 13 * hours


def test_one_address_alone_never_slows_an_account_down() -> None:
    """Hammering for a week leaves everybody else's log-in to that account free."""
    now = NOW
    pair = address = account = None
    while now < NOW + timedelta(days=7):
        pair = after_failure(PAIR, pair, now)
        address = after_failure(ADDRESS, address, now)
        account = after_failure(ACCOUNT, account, now)
        assert account.remaining(ACCOUNT, now) == 0
        wait = max(pair.remaining(PAIR, now), address.remaining(ADDRESS, now), 0.001)
        now += timedelta(seconds=wait)


@given(failures=st.floats(0, 1e6), back=st.floats(0, 1e6))
def test_refund_never_gives_more_than_there_was(failures: float, back: float) -> None:
    """What is taken back leaves nothing below nothing."""
    assert 0 <= Trouble(failures, NOW).refunded(back).failures <= failures
