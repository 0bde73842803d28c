"""Slots of triggers, over both changes of the clocks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nxforge_core.api import Cron, Every, InvalidInputError, Manual, Trigger
from nxforge_core.jobs import check_trigger, next_slots
from nxforge_core.jobs.triggers._cron import parse_cron
from nxforge_core.jobs.triggers._slots import previous_slot

BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"
#: Its clocks change by half an hour.
LORD_HOWE = "Australia/Lord_Howe"
#: Its winter time is Ramadan: they go back first and forward a month later.
CASABLANCA = "Africa/Casablanca"
#: Its clocks never change, and are a quarter of an hour off.
KATHMANDU = "Asia/Kathmandu"
ZONES = [BERLIN, NEW_YORK, LORD_HOWE, CASABLANCA, KATHMANDU]
#: Local midnight before each change of 2026.
_CHANGES = {
    (BERLIN, "spring"): datetime(2026, 3, 29, tzinfo=ZoneInfo(BERLIN)),
    (BERLIN, "autumn"): datetime(2026, 10, 25, tzinfo=ZoneInfo(BERLIN)),
    (NEW_YORK, "spring"): datetime(2026, 3, 8, tzinfo=ZoneInfo(NEW_YORK)),
    (NEW_YORK, "autumn"): datetime(2026, 11, 1, tzinfo=ZoneInfo(NEW_YORK)),
    (LORD_HOWE, "spring"): datetime(2026, 10, 4, tzinfo=ZoneInfo(LORD_HOWE)),
    (LORD_HOWE, "autumn"): datetime(2026, 4, 5, tzinfo=ZoneInfo(LORD_HOWE)),
    (CASABLANCA, "spring"): datetime(2026, 3, 22, tzinfo=ZoneInfo(CASABLANCA)),
    (CASABLANCA, "autumn"): datetime(2026, 2, 15, tzinfo=ZoneInfo(CASABLANCA)),
    (KATHMANDU, "no change"): datetime(2026, 3, 29, tzinfo=ZoneInfo(KATHMANDU)),
}


def _utc(*facts: int) -> datetime:
    return datetime(*facts, tzinfo=UTC)  # type: ignore[arg-type,misc]  # year to minute


def _on_change_day(trigger: Trigger, zone: str, season: str) -> list[datetime]:
    start = _CHANGES[zone, season]
    end = (start + timedelta(days=1)).astimezone(UTC)
    found = next_slots(trigger, start.astimezone(UTC) - timedelta(seconds=1), 200)
    return [slot for slot in found if slot < end]


@pytest.mark.parametrize(
    ("zone", "season", "slots"),
    [
        (BERLIN, "spring", [_utc(2026, 3, 29, 1, 0)]),
        (BERLIN, "autumn", [_utc(2026, 10, 25, 0, 30)]),
        (NEW_YORK, "spring", [_utc(2026, 3, 8, 7, 0)]),
        (NEW_YORK, "autumn", [_utc(2026, 11, 1, 7, 30)]),
    ],
)
def test_half_past_two_runs_once_on_each_change_day(
    zone: str, season: str, slots: list[datetime]
) -> None:
    """A missing 02:30 runs at the gap's end; of two 02:30 only the first is a slot."""
    assert _on_change_day(Cron("30 2 * * *", zone), zone, season) == slots


def test_half_past_one_runs_once_in_new_york_in_autumn() -> None:
    """There 01:30 is the doubled time: its first occurrence is the slot."""
    slots = _on_change_day(Cron("30 1 * * *", NEW_YORK), NEW_YORK, "autumn")
    assert slots == [_utc(2026, 11, 1, 5, 30)]


@pytest.mark.parametrize(
    ("zone", "season", "slot"),
    [
        (LORD_HOWE, "spring", _utc(2026, 10, 3, 15, 30)),
        (LORD_HOWE, "autumn", _utc(2026, 4, 4, 15, 45)),
        (CASABLANCA, "spring", _utc(2026, 3, 22, 2, 0)),
        (CASABLANCA, "autumn", _utc(2026, 2, 15, 1, 15)),
        (KATHMANDU, "no change", _utc(2026, 3, 28, 20, 30)),
    ],
)
def test_quarter_past_two_has_one_slot_wherever_it_is(
    zone: str, season: str, slot: datetime
) -> None:
    """A gap of half an hour, winter time for a month, no change: one slot that day."""
    assert _on_change_day(Cron("15 2 * * *", zone), zone, season) == [slot]


def test_doubled_half_hour_runs_in_its_first_occurrence() -> None:
    """On Lord Howe 01:45 comes twice, half an hour apart: the first is the slot."""
    slots = _on_change_day(Cron("45 1 * * *", LORD_HOWE), LORD_HOWE, "autumn")
    assert slots == [_utc(2026, 4, 4, 14, 45)]


@pytest.mark.parametrize(
    ("zone", "season", "count"),
    [
        *((zone, "spring", 92) for zone in (BERLIN, NEW_YORK, CASABLANCA)),
        *((zone, "autumn", 100) for zone in (BERLIN, NEW_YORK, CASABLANCA)),
        (LORD_HOWE, "spring", 94),
        (LORD_HOWE, "autumn", 98),
        (KATHMANDU, "no change", 96),
    ],
)
def test_quarter_hours_stay_quarter_hours(zone: str, season: str, count: int) -> None:
    """A step below a day has instants as slots: every 15 minutes, 96 a day or 4 off."""
    slots = _on_change_day(Cron("*/15 * * * *", zone), zone, season)
    assert len(slots) == count
    assert {b - a for a, b in pairwise(slots)} == {timedelta(minutes=15)}


def test_several_times_in_one_gap_are_one_slot() -> None:
    """Calendar times that all fall into the gap meet at its end, once."""
    slots = _on_change_day(Cron("0,15,30 2 * * *", BERLIN), BERLIN, "spring")
    assert slots == [_utc(2026, 3, 29, 1, 0)]


def test_midnight_that_does_not_exist_runs_at_one() -> None:
    """Where the clocks change at midnight the day still has its slot."""
    slots = next_slots(Cron("0 0 * * *", "America/Santiago"), _utc(2026, 9, 5, 12), 2)
    assert slots == [_utc(2026, 9, 6, 4), _utc(2026, 9, 7, 3)]


def test_day_that_does_not_exist_runs_at_the_next() -> None:
    """Samoa left out 30 December 2011: its slot and the next day's are one instant."""
    slots = next_slots(Cron("0 0 * * *", "Pacific/Apia"), _utc(2011, 12, 29, 10), 2)
    assert slots == [_utc(2011, 12, 30, 10), _utc(2011, 12, 31, 10)]


_MINUTES = st.sampled_from(["0", "30", "*/15", "59", "5,50", "*"])
_HOURS = st.sampled_from(["1", "2", "3", "1-3", "*", "*/2", "0,23", "0-23/3"])
_WEEKDAYS = st.sampled_from(["*", "0", "sun,mon", "6-7"])


@settings(max_examples=60, deadline=None)
@given(
    minute=_MINUTES, hour=_HOURS, weekday=_WEEKDAYS, change=st.sampled_from([*_CHANGES])
)
@example(minute="30", hour="2", weekday="*", change=(BERLIN, "autumn"))
def test_slots_equal_a_walk_through_every_minute(
    minute: str, hour: str, weekday: str, change: tuple[str, str]
) -> None:
    """Around a change the slots are those that a minute-by-minute reading finds."""
    text = f"{minute} {hour} * * {weekday}"
    start = _CHANGES[change].astimezone(UTC) - timedelta(days=1)
    expected = list(_walk(text, change[0], start, days=3))
    end = start + timedelta(days=3)
    slots = next_slots(Cron(text, change[0]), start - timedelta(minutes=1), 4400)
    assert [slot for slot in slots if slot < end] == expected
    for before, slot in pairwise(expected):
        assert previous_slot(Cron(text, change[0]), slot) == slot
        earlier = slot - timedelta(microseconds=1)
        assert previous_slot(Cron(text, change[0]), earlier) == before


def _walk(text: str, zone: str, start: datetime, days: int) -> Iterator[datetime]:
    fields, local = parse_cron(text), ZoneInfo(zone)
    shown: set[datetime] = set()
    before = (start - timedelta(minutes=1)).astimezone(local).replace(tzinfo=None)
    for step in range(days * 1440):
        instant = start + timedelta(minutes=step)
        wall = instant.astimezone(local).replace(tzinfo=None, fold=0)
        passed = [wall]
        if not fields.sub_day:
            # What the clocks jumped over counts now; what they repeat is over.
            gap = int((wall - before).total_seconds()) // 60
            passed = [wall - timedelta(minutes=back) for back in range(max(gap, 1))]
            passed = [time for time in passed if time not in shown]
        shown.update(passed)
        before = wall
        if any(_fits(fields, time) for time in passed):
            yield instant


def _fits(fields: object, wall: datetime) -> bool:
    parsed = fields
    return (
        wall.minute in parsed.minutes  # type: ignore[attr-defined]  # CronFields
        and wall.hour in parsed.hours  # type: ignore[attr-defined]  # as above
        and parsed.fits(wall.month, wall.day, wall.isoweekday() % 7)  # type: ignore[attr-defined]  # as above
    )


_INSTANTS = st.datetimes(
    datetime(2020, 1, 1),  # noqa: DTZ001 - made aware by the zones beside them
    datetime(2035, 1, 1),  # noqa: DTZ001 - as above
    timezones=st.just(UTC),
)
_TEXTS = st.builds("{} {} * * {}".format, _MINUTES, _HOURS, _WEEKDAYS)


@settings(max_examples=150, deadline=None)
@given(text=_TEXTS, zone=st.sampled_from(ZONES), after=_INSTANTS)
def test_slots_ascend_and_agree_with_the_way_back(
    text: str, zone: str, after: datetime
) -> None:
    """No slot comes twice or out of order, and each is the previous of the next."""
    cron = Cron(text, zone)
    slots = next_slots(cron, after, 30)
    assert after < slots[0]
    assert all(a < b for a, b in pairwise(slots))
    assert all(slot.utcoffset() == timedelta() for slot in slots)
    last = previous_slot(cron, after)
    assert last is not None
    assert last <= after
    assert next_slots(cron, last, 1) == slots[:1]
    for before, slot in pairwise(slots):
        assert previous_slot(cron, slot - timedelta(microseconds=1)) == before


@settings(max_examples=80, deadline=None)
@given(
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    zone=st.sampled_from(ZONES),
    after=_INSTANTS,
)
@example(hour=2, minute=30, zone=BERLIN, after=_utc(2026, 1, 1))
@example(hour=2, minute=10, zone=LORD_HOWE, after=_utc(2026, 1, 1))
@example(hour=0, minute=0, zone=CASABLANCA, after=_utc(2026, 1, 1))
def test_time_of_day_has_one_slot_on_each_day_of_a_year(
    hour: int, minute: int, zone: str, after: datetime
) -> None:
    """Whatever the clocks do, a daily job runs once on every calendar day."""
    slots = next_slots(Cron(f"{minute} {hour} * * *", zone), after, 366)
    days = [slot.astimezone(ZoneInfo(zone)).date() for slot in slots]
    assert {b - a for a, b in pairwise(days)} == {timedelta(days=1)}


@given(
    period=st.integers(1, 10**6),
    after=st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)),  # noqa: DTZ001 - made aware below
)
def test_interval_slots_are_the_same_for_everybody(
    period: int, after: datetime
) -> None:
    """Whoever asks and whenever: slots are whole periods since 1970."""
    at = after.replace(tzinfo=UTC)
    slots = next_slots(Every(seconds=period), at, 3)
    assert all(slot.timestamp() % period == 0 for slot in slots)
    assert slots[0] - timedelta(seconds=period) <= at < slots[0]
    assert previous_slot(Every(seconds=period), at) == slots[0] - timedelta(
        seconds=period
    )


def test_manual_job_has_no_slots() -> None:
    """What runs on demand is never due."""
    assert next_slots(Manual(), _utc(2026, 1, 1), 5) == []
    assert previous_slot(Manual(), _utc(2026, 1, 1)) is None


@pytest.mark.parametrize(
    ("trigger", "field"),
    [
        (Every(), "interval"),
        (Every(minutes=-1), "interval"),
        (Every(hours=366 * 24, seconds=1), "interval"),
        (Every(seconds=5, jitter=-1), "jitter"),
        (Every(seconds=5, jitter=86_401), "jitter"),
        (Cron("* * * * *", "Europe/Atlantis"), "zone"),
        (Cron("* * * * *", "../etc/passwd"), "zone"),
        (Cron("* * * *"), "cron text"),
    ],
)
def test_trigger_without_slots_is_refused(trigger: Trigger, field: str) -> None:
    """An impossible trigger is an error that names its part."""
    with pytest.raises(InvalidInputError) as refused:
        check_trigger(trigger)
    assert refused.value.field == field


def test_sound_triggers_pass() -> None:
    """What can be scheduled is not refused."""
    for trigger in (Manual(), Every(hours=2, jitter=3), Cron("0 3 * * 1", BERLIN)):
        check_trigger(trigger)
