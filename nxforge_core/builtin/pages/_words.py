"""Words, levels and links that several pages share."""

from __future__ import annotations

from typing import Final

import msgspec

from nxforge_core.api import InvalidInputError, UnknownItemError
from nxforge_core.api.pages import Level, Link, Params, State

__all__ = [
    "as_json",
    "counted",
    "job_link",
    "names",
    "number_in",
    "number_of_row",
    "run_level",
    "run_link",
    "run_state",
]

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


def run_level(state: str, outcome: str | None = None) -> Level:
    """How well it is that a run is so."""
    if outcome == "partial" and state == "succeeded":
        return "warning"
    return _LEVELS.get(state, "unknown")


def run_state(state: str, outcome: str | None = None, note: str | None = None) -> State:
    """A run's state."""
    words = "succeeded in part" if outcome == "partial" else state.replace("_", " ")
    return State(words, run_level(state, outcome), note or "")


def run_link(run: int, words: str = "") -> Link:
    """The way to a run."""
    return Link(words or f"Run {run}", "run", {"id": str(run)})


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


def as_json(value: object) -> str:
    """A value as its JSON; a text as it is."""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def counted(count: int, noun: str) -> str:
    """So many: `1 route`, `2 routes`; nothing where there is none."""
    if not count:
        return ""
    return f"1 {noun}" if count == 1 else f"{count} {noun}s"


def names(given: object) -> str:
    """Names in one line, or that there are none."""
    found = [str(each) for each in given] if isinstance(given, list | tuple) else []
    return ", ".join(found) or "none"
