"""The slots of a trigger: pure functions of the trigger and an instant."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from nxforge_core.api import Cron, Every, InvalidInputError, Manual, Trigger

from ._cron import CronFields, parse_cron

__all__ = ["check_trigger", "next_slots", "previous_slot", "slots_after"]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DAY: Final = timedelta(days=1)
_SECOND: Final = timedelta(seconds=1)
#: Seconds of an interval at the most: 366 days.
_LONGEST: Final = 366 * 86_400
_MOST_JITTER: Final = 86_400.0
#: A leap day that falls on a named weekday may be 40 years away.
_HORIZON_DAYS: Final = 366 * 41


def check_trigger(trigger: Trigger) -> None:
    """Refuse a trigger that cannot have slots.

    Raises:
        InvalidCronError: the cron text is wrong, with the position.
        InvalidInputError: the zone is unknown, the interval or jitter impossible.
    """
    match trigger:
        case Manual():
            return
        case Every():
            if not 0 < trigger.period <= _LONGEST:
                remedy = "give seconds, minutes or hours: 1 second to 366 days"
                raise InvalidInputError(
                    field="interval", value=trigger.period, remedy=remedy
                )
        case Cron():
            parse_cron(trigger.text)
            _zone(trigger.zone)
        case _:
            assert_never(trigger)
    if not 0 <= trigger.jitter <= _MOST_JITTER:
        remedy = f"give seconds from 0 to {_MOST_JITTER:.0f}"
        raise InvalidInputError(field="jitter", value=trigger.jitter, remedy=remedy)


def next_slots(trigger: Trigger, after: datetime, n: int) -> list[datetime]:
    """The first `n` slots strictly after an instant, as UTC.

    An interval is anchored at 1970. A cron job whose hour field begins with `*` has
    instants as slots, so both of the doubled hours count. Any other cron job has local
    times as slots: of a doubled one the first, of a missing one the gap's end.
    """
    return list(islice(slots_after(trigger, after), n))


def slots_after(trigger: Trigger, after: datetime) -> Iterator[datetime]:
    """Slots strictly after an instant, ascending and without end where possible."""
    match trigger:
        case Manual():
            return iter(())
        case Every():
            return _interval(trigger.period, after)
        case Cron():
            return _calendar(trigger, after)
        case _:
            assert_never(trigger)


def previous_slot(trigger: Trigger, at: datetime) -> datetime | None:
    """The last slot at or before an instant."""
    match trigger:
        case Manual():
            return None
        case Every():
            return _floor(trigger.period, at)
        case Cron():
            return _previous(trigger, at)
        case _:
            assert_never(trigger)


def _floor(period: int, at: datetime) -> datetime:
    return at.astimezone(UTC) - (at - _EPOCH) % timedelta(seconds=period)


def _interval(period: int, after: datetime) -> Iterator[datetime]:
    slot = _floor(period, after)
    while True:
        slot += timedelta(seconds=period)
        yield slot


def _calendar(cron: Cron, after: datetime) -> Iterator[datetime]:
    fields = parse_cron(cron.text)
    day = after.astimezone(_zone(cron.zone)).date() - _DAY
    last = after
    for _ in range(_HORIZON_DAYS):
        for slot in _slots_of(cron, fields, day):
            if slot > last:
                last = slot
                yield slot
        day += _DAY


def _previous(cron: Cron, at: datetime) -> datetime | None:
    fields = parse_cron(cron.text)
    day = at.astimezone(_zone(cron.zone)).date() + _DAY
    for _ in range(_HORIZON_DAYS):
        slots = _slots_of(cron, fields, day)
        if found := bisect_right(slots, at):
            return slots[found - 1]
        day -= _DAY
    return None


def _slots_of(cron: Cron, fields: CronFields, day: date) -> tuple[datetime, ...]:
    if not fields.fits(day.month, day.day, day.isoweekday() % 7):
        return ()
    return _day_slots(cron.text, cron.zone, day)


@lru_cache(maxsize=128)
def _day_slots(text: str, zone_name: str, day: date) -> tuple[datetime, ...]:
    fields, zone = parse_cron(text), _zone(zone_name)
    walls = (
        datetime.combine(day, time(hour, minute), tzinfo=zone)
        for hour in fields.hours
        for minute in fields.minutes
    )
    resolve = _instants if fields.sub_day else _instant
    return tuple(sorted({slot for wall in walls for slot in resolve(wall)}))


def _instants(wall: datetime) -> Iterator[datetime]:
    """Each instant at which the clocks show this time: none, one or two."""
    for fold in (0, 1):
        instant = wall.replace(fold=fold).astimezone(UTC)
        if _shows(instant, wall):
            yield instant


def _instant(wall: datetime) -> Iterator[datetime]:
    """The first instant at which the clocks show this time, or have passed it."""
    instant = wall.astimezone(UTC)
    yield instant if _shows(instant, wall) else _gap_end(wall)


def _shows(instant: datetime, wall: datetime) -> bool:
    shown = instant.astimezone(wall.tzinfo)
    return shown.replace(tzinfo=None, fold=0) == wall.replace(tzinfo=None, fold=0)


def _gap_end(wall: datetime) -> datetime:
    zone = wall.tzinfo
    # In a gap, fold 1 reads the clock as after the change, which is before it.
    low = wall.replace(fold=1).astimezone(UTC)
    high = wall.replace(fold=0).astimezone(UTC)
    before = low.astimezone(zone).utcoffset()
    while high - low > _SECOND:
        middle = low + timedelta(seconds=(high - low).total_seconds() // 2)
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        remedy = "use an IANA name such as Europe/Berlin"
        raise InvalidInputError(field="zone", value=name, remedy=remedy) from None
