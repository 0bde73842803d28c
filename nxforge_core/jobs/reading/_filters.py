"""What a reader of runs may ask for, checked before the database is asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, get_args

import msgspec

from nxforge_core.api import InvalidInputError, RunId

from ._records import RunState, RunTrigger

__all__ = ["LEVELS", "MOST_ROWS", "RunFilter", "check_limit", "levels_from", "pattern"]

#: Rows of one page.
MOST_ROWS: Final = 1000
_STATES: Final[tuple[str, ...]] = get_args(RunState)
_TRIGGERS: Final[tuple[str, ...]] = get_args(RunTrigger)
#: Levels of log lines, the worst last.
LEVELS: Final = ("debug", "info", "warning", "error", "critical")
_MOST_SEARCH: Final = 200


class RunFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which runs are meant; None means any.

    Attributes:
        states: One of them is enough; none means any.
        parent: Shards of this run; without it shards are left out.
        since: Slots from then on.
        until: Slots before then.
    """

    plugin: str | None = None
    job: str | None = None
    states: Sequence[str] = ()
    trigger: str | None = None
    parent: RunId | None = None
    since: datetime | None = None
    until: datetime | None = None

    def arguments(self) -> tuple[object, ...]:
        """Those of the statement, in its order.

        Raises:
            InvalidInputError: there is no such state or trigger, or an instant lacks
                its zone.
        """
        for state in self.states:
            _check_word("state", state, _STATES)
        if self.trigger is not None:
            _check_word("trigger", self.trigger, _TRIGGERS)
        _check_zone("since", self.since)
        _check_zone("until", self.until)
        states = list(self.states) or None
        return (
            self.plugin,
            self.job,
            states,
            self.trigger,
            self.parent,
            self.since,
            self.until,
        )


def check_limit(limit: int) -> None:
    """Refuse what is no size of a page.

    Raises:
        InvalidInputError: the limit is out of range.
    """
    if not 1 <= limit <= MOST_ROWS:
        remedy = f"ask for 1 to {MOST_ROWS} and page on"
        raise InvalidInputError(field="limit", value=limit, remedy=remedy)


def levels_from(level: str | None) -> list[str] | None:
    """The level and those that are worse.

    Raises:
        InvalidInputError: there is no such level.
    """
    if level is None:
        return None
    _check_word("level", level, LEVELS)
    return list(LEVELS[LEVELS.index(level) :])


def pattern(search: str | None) -> str | None:
    """A text as a pattern of LIKE that finds it anywhere.

    Raises:
        InvalidInputError: it is longer than 200 characters.
    """
    if not search:
        return None
    if len(search) > _MOST_SEARCH:
        remedy = f"search for up to {_MOST_SEARCH} characters"
        raise InvalidInputError(field="search", value=search, remedy=remedy)
    escaped = search.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    return f"%{escaped}%"


def _check_word(field: str, value: str, words: Sequence[str]) -> None:
    if value not in words:
        remedy = f"use one of {', '.join(words)}"
        raise InvalidInputError(field=field, value=value, remedy=remedy)


def _check_zone(field: str, at: datetime | None) -> None:
    if at is not None and at.tzinfo is None:
        remedy = "end it with Z or an offset such as +02:00"
        raise InvalidInputError(field=field, value=at.isoformat(), remedy=remedy)
