"""Cron text: what it means, and where it is wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from nxforge_core.api import Cron
from nxforge_core.jobs import InvalidCronError, next_slots
from nxforge_core.jobs.triggers._cron import parse_cron

_START = datetime(2026, 1, 1, tzinfo=UTC)  # a Thursday


def _days(text: str, n: int) -> list[date]:
    return [slot.date() for slot in next_slots(Cron(text), _START, n)]


@pytest.mark.parametrize("sunday", ["0", "7", "sun", "SUN"])
def test_sunday_has_two_numbers_and_a_name(sunday: str) -> None:
    """0, 7 and sun are the same day, and it is Sunday."""
    assert _days(f"0 0 * * {sunday}", 2) == [date(2026, 1, 4), date(2026, 1, 11)]


def test_range_up_to_seven_ends_on_sunday() -> None:
    """6-7 is the weekend."""
    assert _days("0 0 * * 6-7", 3) == [
        date(2026, 1, 3),
        date(2026, 1, 4),
        date(2026, 1, 10),
    ]


def test_star_step_of_weekdays_counts_sunday_once() -> None:
    """*/2 of weekdays is Sunday, Tuesday, Thursday, Saturday."""
    assert parse_cron("0 0 * * */2").weekdays == {0, 2, 4, 6}


def test_day_of_month_or_weekday_when_both_are_named() -> None:
    """The 13th and every Friday: either is enough."""
    assert _days("0 0 13 * 5", 4) == [
        date(2026, 1, 2),
        date(2026, 1, 9),
        date(2026, 1, 13),
        date(2026, 1, 16),
    ]


def test_day_of_month_and_weekday_when_one_is_starred() -> None:
    """A field that begins with a star only narrows, as Vixie's cron has it."""
    assert _days("0 0 */2 * mon", 2) == [date(2026, 1, 5), date(2026, 1, 19)]


def test_lists_ranges_steps_and_names_combine() -> None:
    """Elements of a list add up."""
    fields = parse_cron("0,30-34/2,59 1 1 jan,Mar-apr *")
    assert fields.minutes == (0, 30, 32, 34, 59)
    assert fields.months == {1, 3, 4}


def test_leap_day_comes_in_leap_years_only() -> None:
    """The 29th of February is found however far it is."""
    assert _days("0 0 29 2 *", 2) == [date(2028, 2, 29), date(2032, 2, 29)]


@pytest.mark.parametrize(
    ("text", "position", "fault"),
    [
        ("", 1, "five fields are needed"),
        ("* * * *", 8, "five fields are needed"),
        ("* * * * * *", 11, "five fields are needed"),
        ("60 * * * *", 1, "60 is no minute (0 to 59)"),
        ("*/15  24 * * *", 7, "24 is no hour (0 to 23)"),
        ("* * 0 * *", 5, "0 is no day of month (1 to 31)"),
        ("* * * 13 *", 7, "13 is no month (1 to 12)"),
        ("* * * * 8", 9, "8 is no weekday (0 to 7)"),
        ("1,2,x * * * *", 5, "'x' is no minute"),
        ("* * * jann *", 7, "'jann' is no month"),
        ("1, * * * *", 3, "'' is no minute"),
        ("5-1 * * * *", 3, "the range ends with 1 before it begins"),
        ("*/0 * * * *", 3, "a step of 0 never moves"),
        ("*/61 * * * *", 3, "a step of 61 is longer than the minute field"),
        ("5/15 * * * *", 3, "a step needs * or a range before it"),
        ("*-5 * * * *", 1, "'*-5' is no minute"),
        ("0 0 30 2 *", 5, "no month named has a day 30"),
        ("0 0 31 4,jun 1-5/9 *", 20, "five fields are needed"),
        ("² * * * *", 1, "'²' is no minute"),
    ],
)
def test_faulty_text_is_refused_with_the_position(
    text: str, position: int, fault: str
) -> None:
    """The error names the character where the text goes wrong, and what would fit."""
    with pytest.raises(InvalidCronError) as refused:
        parse_cron(text)
    assert (refused.value.position, refused.value.fault[: len(fault)]) == (
        position,
        fault,
    )
    assert refused.value.remedy.startswith(f"at character {position}: ")


def test_day_that_never_comes_is_fine_beside_a_weekday() -> None:
    """With a weekday named as well, a 30th of February does not matter."""
    assert _days("0 0 30 2 mon", 1) == [date(2026, 2, 2)]
