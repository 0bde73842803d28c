"""Numbers in JSON, by their keys."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final, TypeAlias

from nxforge_consumption_monitor.extract import Json, JsonStep, RuleError

from ._proposal import How, Proposal

__all__ = ["json_proposals"]

#: Values that are looked at; a page of a device has a few hundred.
_MAX_NODES: Final = 20_000
_MAX_PATH: Final = 400
_UNIT_KEYS: Final = ("u", "unit", "units", "Units", "Unit")
_PLAIN_KEY: Final = re.compile(r"[^.\[\]\"'\s$@*?]+")
_NAME: Final = re.compile(r"[\w .:/+-]{1,60}")

#: A path, how robust it is, and the last key in it.
_Place: TypeAlias = "tuple[str, How, str]"


def json_proposals(data: Json, from_script: str | None = None) -> Iterator[Proposal]:
    """All numbers, each by the key that leads to it and, in arrays, by its position."""
    waiting: list[tuple[Json, list[_Place], str]] = [(data, [("", "key", "")], "")]
    seen = 0
    while waiting and seen < _MAX_NODES:
        value, places, unit = waiting.pop()
        seen += 1
        if isinstance(value, Decimal | str):
            yield from _leaf(value, places, unit, from_script)
        elif places and len(places[0][0]) < _MAX_PATH:
            beside = _unit_of(value)
            inner = [(v, _further(places, p), beside) for p, v in _parts(value)]
            waiting.extend(reversed(inner))


def _unit_of(value: Json) -> str:
    # A member may say the unit of the number beside it.
    if not isinstance(value, dict):
        return ""
    found = [value[key] for key in _UNIT_KEYS if key in value]
    return next((each for each in found if isinstance(each, str)), "")


def _leaf(
    value: Decimal | str, places: list[_Place], unit: str, from_script: str | None
) -> Iterator[Proposal]:
    text = str(value)
    if not any(c.isdigit() for c in text[:100]):
        return
    for path, how, key in places:
        try:
            step = JsonStep(path=path or "$", from_script=from_script)
        except RuleError:
            continue
        yield Proposal(how=how, steps=(step,), text=text, hint=key, unit=unit)


def _parts(value: Json) -> list[tuple[list[_Place], Json]]:
    if isinstance(value, list):
        return [(_entries(value, i), v) for i, v in enumerate(value)]
    if not isinstance(value, dict):
        return []
    # An object whose keys are numbers is an array in disguise.
    entries = list(value.values())
    names = {
        k: _own_name(entries, i) if k.isdigit() else None for i, k in enumerate(value)
    }
    return [(_members(k, names[k]), v) for k, v in value.items()]


def _members(key: str, name: str | None) -> list[_Place]:
    member: _Place = (_key(key), "key" if name is None else "index", key)
    return [member] if name is None else [(f"[?{name}]", "key", ""), member]


def _key(key: str) -> str:
    return f".{key}" if _PLAIN_KEY.fullmatch(key) else f"[{json.dumps(key)}]"


def _entries(array: list[Json], index: int) -> list[_Place]:
    position: _Place = (f"[{index}]", "index" if len(array) > 1 else "key", "")
    name = _own_name(array, index)
    return [position] if name is None else [(f"[?{name}]", "key", ""), position]


def _own_name(array: list[Json], index: int) -> str | None:
    # An entry that says what it is survives another order of the entries.
    entry = array[index]
    if not isinstance(entry, dict) or len(array) == 1:
        return None
    for key, value in entry.items():
        if not isinstance(value, str) or not _NAME.fullmatch(value):
            continue
        same = sum(isinstance(e, dict) and e.get(key) == value for e in array)
        if same == 1 and _PLAIN_KEY.fullmatch(key) and not _is_measured(value):
            return f"{key}=={json.dumps(value)}"
    return None


def _is_measured(value: str) -> bool:
    return value[:1].isdigit() or value[:1] in "-+."


def _further(places: list[_Place], parts: list[_Place]) -> list[_Place]:
    return [
        (_joined(path, part), "index" if "index" in {how, more} else "key", last or key)
        for path, how, key in places[:2]
        for part, more, last in parts
    ][:4]


def _joined(path: str, part: str) -> str:
    return part.removeprefix(".") if not path else path + part
