"""One value as an element, whatever it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from nxforge_core.api import load_texts
from nxforge_core.api.pages import ColumnKind, Image, Level, Link, Noted, State
from nxforge_core.ui._ask import Ask
from nxforge_core.ui._tree import Node, h, hidden_text
from nxforge_core.ui._words import ago, finite, length, number, stamp, with_unit

from ._frame import anchor

__all__ = ["pill", "sparkline", "value"]

say = load_texts("nxforge_core")

_WIDE: Final = 80
_HIGH: Final = 20
#: Longer text is somebody's document, not a value.
_LONGEST: Final = 2_000
#: Letters of a code that are more than one line.
_LONG: Final = 60
_MARKS: Final[dict[Level, str]] = {
    "ok": "●",
    "info": "●",
    "warning": "▲",
    "bad": "◆",
    "unknown": "○",
}


def value(
    given: object,
    ask: Ask,
    kind: ColumnKind = "text",
    unit: str = "",
    places: int | None = None,
) -> Node | str:
    """What stands for a value of this kind; None is unknown, and never 0."""
    if isinstance(given, Noted):
        return _noted(given, value(given.value, ask, kind, unit, places))
    if given is None:
        return h("span", {"class": "nx-unknown"}, say("unknown"))
    if isinstance(given, bool):
        return str(say("yes") if given else say("no"))
    if isinstance(given, int | float | Decimal):
        return _number(given, kind, unit, places)
    if isinstance(given, datetime):
        return _time(given, ask, kind)
    return _other(given, ask, kind, unit)


def _other(given: object, ask: Ask, kind: ColumnKind, unit: str) -> Node | str:
    if isinstance(given, State):
        return pill(given)
    if isinstance(given, Link):
        return anchor(given, ask)
    if isinstance(given, Image):
        return _image(given, ask)
    if isinstance(given, timedelta):
        return length(given)
    if isinstance(given, list | tuple) and kind == "trend":
        return sparkline(given)
    text = str(given)[:_LONGEST]
    return _code(text) if kind == "code" else with_unit(text, unit)


def _code(text: str) -> Node:
    return h("code", {"class": "long" if len(text) > _LONG else None}, text)


def _image(given: Image, ask: Ask) -> Node:
    """Only what the host serves itself: an address elsewhere would tell who looks."""
    inside = given.path.startswith("/") and not given.path.startswith("//")
    source = f"{ask.root}{given.path}" if inside else None
    facts = {"class": "nx-image", "src": source, "alt": given.text, "loading": "lazy"}
    return h("img", facts)


def _noted(given: Noted, shown: Node | str) -> Node:
    note = h("span", {"class": "nx-below"}, given.note[:_LONGEST])
    return h("span", None, shown, " ", note if given.note else None)


def pill(state: State) -> Node:
    """A word with its level, which colour is not the only sign of."""
    level = state.level if state.level in _MARKS else "unknown"
    mark = h("span", {"aria-hidden": "true"}, _MARKS[level], " ")
    word = h("span", {"class": f"nx-pill l-{level}"}, mark, state.text)
    if not state.note:
        return word
    note = h("span", {"class": "nx-pill-note"}, str(state.note)[:_LONGEST])
    return h("span", None, word, " ", note)


def sparkline(values: Sequence[object]) -> Node:
    """Recent values as a small line; gaps stay gaps."""
    numbers = [finite(each) for each in values]
    known = [each for each in numbers if each is not None]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    height = (high - low) or 1.0
    step = _WIDE / max(len(values) - 1, 1)
    path, pen = [], False
    for place, each in enumerate(numbers):
        if each is None:
            pen = False
            continue
        y = _HIGH - 1 - (each - low) / height * (_HIGH - 2)
        path.append(f"{'L' if pen else 'M'}{place * step:.1f} {y:.1f}")
        pen = True
    words: str = say("no values")
    if known:
        first, last = number(known[0]), number(known[-1])
        words = say("from {first} to {last}").format(first=first, last=last)
    drawn = h(
        "svg",
        {"class": "nx-spark", "viewBox": f"0 0 {_WIDE} {_HIGH}", "aria-hidden": "true"},
        h("path", {"d": " ".join(path)}),
    )
    return h("span", None, drawn, hidden_text(words))


def _time(at: datetime, ask: Ask, kind: ColumnKind) -> Node:
    facts: dict[str, object] = {"datetime": at.isoformat(), "title": stamp(at)}
    if kind == "age":
        return h("time", {**facts, "data-age": True}, ago(at, ask.now))
    return h("time", {**facts, "data-time": True}, stamp(at))


def _number(
    given: float | Decimal, kind: ColumnKind, unit: str, places: int | None
) -> Node | str:
    if kind == "duration":
        return length(timedelta(seconds=float(given)))
    if kind == "share":
        part = min(max(float(given), 0.0), 1.0)
        words = with_unit(number(float(given) * 100, places or 0), "%")
        bar = h("meter", {"value": f"{part:.4f}", "min": 0, "max": 1}, words)
        return h("span", {"class": "nx-share"}, bar, " ", words)
    return with_unit(number(given, places), unit)
