"""Words, levels and links that several pages share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeVar

import msgspec

from nxforge_core.api import InvalidInputError, UnknownItemError, load_texts
from nxforge_core.api.pages import Level, Link, Params, Query, Rows, State

__all__ = [
    "as_json",
    "counted",
    "job_link",
    "names",
    "number_in",
    "number_of_row",
    "page_of",
    "run_link",
    "run_state",
]

say = load_texts("nxforge_core")

_LEVELS: Final[dict[str, Level]] = {
    "queued": "info",
    "running": "info",
    "waiting": "info",
    "succeeded": "ok",
    "failed": "bad",
    "timed_out": "bad",
    "lost": "bad",
    "misfired": "warning",
}
_LARGEST: Final = 2**63 - 1
#: As many are paged through; older ones are found by narrowing down what is shown.
_MOST: Final = 1000

T = TypeVar("T")


def run_state(state: str, outcome: str | None = None, note: str | None = None) -> State:
    """A run's state."""
    words = "succeeded in part" if outcome == "partial" else state.replace("_", " ")
    return State(say(words), _run_level(state, outcome), note or "")


def _run_level(state: str, outcome: str | None) -> Level:
    if outcome == "partial" and state == "succeeded":
        return "warning"
    return _LEVELS.get(state, "unknown")


def run_link(run: int, words: str = "") -> Link:
    """The way to a run."""
    return Link(words or say("Run {run}").format(run=run), "run", {"id": str(run)})


def job_link(plugin: str, job: str, words: str = "") -> Link:
    """The way to a job."""
    return Link(words or job, "job", {"plugin": plugin, "job": job})


def number_in(params: Params, name: str) -> int:
    """A number that the page's address carries.

    Raises:
        InvalidInputError: it carries none.
    """
    text = params.get(name, "")
    number = _number(text)
    if number is None:
        remedy = "open the page from the list"
        raise InvalidInputError(field=name, value=text, remedy=remedy)
    return number


def number_of_row(key: str, kind: str) -> int:
    """The number that is the key of a row.

    Raises:
        UnknownItemError: no row of this kind has such a key.
    """
    number = _number(key)
    if number is None:
        raise UnknownItemError(kind=kind, value=key)
    return number


def _number(text: str) -> int | None:
    if text.isascii() and text.isdigit() and int(text) <= _LARGEST:
        return int(text)
    return None


async def page_of(
    query: Query,
    find: Callable[[int], Awaitable[Sequence[T]]],
    row: Callable[[T], dict[str, object]],
) -> Rows:
    """The rows of one page of a long list.

    Args:
        query: Which page.
        find: Answers the first so many of the list.
        row: One of them as the table shows it.
    """
    end = query.offset + query.limit
    found = await find(min(end + 1, _MOST))
    rows = [row(each) for each in found[query.offset : end]]
    return Rows(rows, more=len(found) > end)


def as_json(value: object) -> str:
    """A value as its JSON; a text as it is."""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def counted(count: int, noun: str) -> str:
    """So many: `1 route`, `2 routes`; nothing where there is none."""
    if not count:
        return ""
    return f"{count} {say(noun if count == 1 else f'{noun}s')}"


def names(given: object) -> str:
    """Names in one line, or that there are none."""
    found = [str(each) for each in given] if isinstance(given, list | tuple) else []
    return ", ".join(found) or str(say("none"))
