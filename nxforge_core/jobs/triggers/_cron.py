"""Cron text with Vixie meaning, read into plain numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import msgspec

from nxforge_core.jobs._errors import InvalidCronError

__all__ = ["CronFields", "parse_cron"]


_MONTHS: Final = (
    *("jan", "feb", "mar", "apr", "may", "jun"),
    *("jul", "aug", "sep", "oct", "nov", "dec"),
)
_WEEKDAYS: Final = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


class _Field(msgspec.Struct, frozen=True):
    name: str
    low: int
    high: int
    words: tuple[str, ...] = ()

    @property
    def star_high(self) -> int:
        # 7 is another name of Sunday: a stepping star must not count it again.
        return 6 if self.name == "weekday" else self.high


_FIELDS: Final = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day of month", 1, 31),
    _Field(
        "month",
        1,
        12,
        _MONTHS,
    ),
    _Field("weekday", 0, 7, _WEEKDAYS),
)
#: The longest each month can be.
_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_ELEMENT: Final = re.compile(
    r"(?:(?P<all>\*)|(?P<first>[0-9]+|[a-z]+)(?:-(?P<last>[0-9]+|[a-z]+))?)"
    r"(?:/(?P<step>[0-9]+))?",
    re.IGNORECASE,
)


class CronFields(msgspec.Struct, frozen=True):
    """What a cron text allows.

    Attributes:
        weekdays: 0 is Sunday.
        either: A day fits when day of month OR weekday fits, as both are named.
        sub_day: The hour field begins with `*`: a slot is an instant, not a local time.
    """

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    either: bool
    sub_day: bool

    def fits(self, month: int, day: int, weekday: int) -> bool:
        """Whether a date is one of the text's days."""
        if month not in self.months:
            return False
        if self.either:
            return day in self.days or weekday in self.weekdays
        return day in self.days and weekday in self.weekdays


@lru_cache(maxsize=256)
def parse_cron(text: str) -> CronFields:
    """Read five fields: minute, hour, day of month, month, weekday.

    Raises:
        InvalidCronError: names the character where the text goes wrong.
    """
    found = [(m.start(), m.group()) for m in re.finditer(r"\S+", text)]
    if len(found) != len(_FIELDS):
        at = found[5][0] if len(found) > len(_FIELDS) else len(text)
        fault = "five fields are needed (minute hour day month weekday)"
        raise InvalidCronError(text, at + 1, f"{fault}, there are {len(found)}")
    values = [
        frozenset(_values(text, start, part, field))
        for (start, part), field in zip(found, _FIELDS, strict=True)
    ]
    minutes, hours, days, months, weekdays = values
    starred = [part.startswith("*") for _, part in found]
    fields = CronFields(
        minutes=tuple(sorted(minutes)),
        hours=tuple(sorted(hours)),
        days=days,
        months=months,
        weekdays=frozenset(day % 7 for day in weekdays),
        either=not (starred[2] or starred[4]),
        sub_day=starred[1],
    )
    if not fields.either and not any(min(days) <= _DAYS[m - 1] for m in months):
        fault = f"no month named has a day {min(days)}: this never comes"
        raise InvalidCronError(text, found[2][0] + 1, fault)
    return fields


def _values(text: str, start: int, part: str, field: _Field) -> Iterator[int]:
    for element in part.split(","):
        match = _ELEMENT.fullmatch(element)
        if match is None:
            fault = f"{element!r} is no {field.name} (a number, a-b, *, or */step)"
            raise InvalidCronError(text, start + 1, fault)
        yield from _range(text, start, match, field)
        start += len(element) + 1


def _range(text: str, start: int, match: re.Match[str], field: _Field) -> Iterator[int]:
    step = _step(text, start, match, field)
    if match["all"]:
        return iter(range(field.low, field.star_high + 1, step))
    first = _number(text, start, match["first"], field)
    if match["last"] is None:
        return iter((first,))
    at = start + match.start("last")
    last = _number(text, at, match["last"], field)
    if last < first:
        fault = f"the range ends with {match['last']} before it begins"
        raise InvalidCronError(text, at + 1, fault)
    return iter(range(first, last + 1, step))


def _step(text: str, start: int, match: re.Match[str], field: _Field) -> int:
    if match["step"] is None:
        return 1
    at = start + match.start("step")
    if int(match["step"]) == 0:
        raise InvalidCronError(text, at + 1, "a step of 0 never moves")
    if match["first"] is not None and match["last"] is None:
        raise InvalidCronError(text, at + 1, "a step needs * or a range before it")
    if int(match["step"]) > field.high:
        # Vixie's cron takes it as "once": whoever writes it means something else.
        fault = f"a step of {match['step']} is longer than the {field.name} field"
        raise InvalidCronError(text, at + 1, fault)
    return int(match["step"])


def _number(text: str, at: int, word: str, field: _Field) -> int:
    if word.isdecimal():
        value = int(word)
    elif word.lower() in field.words:
        value = field.words.index(word.lower()) + (1 if field.name == "month" else 0)
    else:
        raise InvalidCronError(text, at + 1, f"{word!r} is no {field.name}")
    if not field.low <= value <= field.high:
        fault = f"{value} is no {field.name} ({field.low} to {field.high})"
        raise InvalidCronError(text, at + 1, fault)
    return value
