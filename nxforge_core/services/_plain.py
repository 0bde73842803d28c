"""Facts as they may be written down: plain data, no secrets, one line each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, time
from itertools import islice
from typing import Any, Final, TypeAlias

from nxforge_core.security import redact
from nxforge_core.settings import MASK, is_secret_name

__all__ = ["Plain", "one_line", "plain_facts", "safe_traceback"]

Plain: TypeAlias = "bool | int | float | str | list[Plain] | dict[str, Plain] | None"

_LONGEST: Final = 8_192
_LONGEST_READ: Final = 65_536
_MOST_ITEMS: Final = 100
_DEEPEST: Final = 4
_LARGEST_INT: Final = 2**63 - 1  # beyond it JSON readers differ
_HEADER_SECRET: Final = re.compile(r"(?i)(?:authorization|cookie)$")
#: Beside what `redact` escapes: marks that reverse the direction of text, and halves
#: of surrogate pairs. The first can fake a line, the second breaks encoders.
_DECEPTIVE: Final = re.compile("[\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def one_line(text: str) -> str:
    """The text redacted, with control characters escaped and bounded in length."""
    # Cut twice: a secret that the first cut halves would not be known as one, and the
    # second cut takes that place out.
    shown = _cut(redact(_cut(text, _LONGEST_READ)), _LONGEST)
    return _DECEPTIVE.sub(_escaped, shown)


def safe_traceback(text: str) -> str:
    """As `one_line`, but the line breaks stay."""
    lines = _cut(text, _LONGEST_READ).split("\n")
    return _cut("\n".join(map(one_line, lines)), _LONGEST)


def plain_facts(facts: Mapping[Any, object], depth: int = 0) -> dict[str, Plain]:
    """Facts as plain data; what has a secret's name keeps only its name."""
    return {
        one_line(_text(name)): _fact(_text(name), value, depth)
        for name, value in islice(facts.items(), _MOST_ITEMS)
    }


def _fact(name: str, value: object, depth: int) -> Plain:
    secret = is_secret_name(name) or _HEADER_SECRET.search(name) is not None
    if secret and value is not None and not isinstance(value, bool | int | float):
        return MASK
    return _plain(value, depth)


def _plain(value: object, depth: int) -> Plain:
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int) and abs(value) <= _LARGEST_INT:
        return int(value)
    if depth < _DEEPEST and isinstance(value, Mapping):
        return plain_facts(value, depth + 1)
    if depth < _DEEPEST and isinstance(value, list | tuple | set | frozenset):
        return _items(value, depth + 1)
    return one_line(_text(value))


def _items(values: Iterable[object], depth: int) -> list[Plain]:
    return [_plain(value, depth) for value in islice(values, _MOST_ITEMS)]


def _text(value: object) -> str:
    try:
        if isinstance(value, date | time):
            return value.isoformat()
        if isinstance(value, BaseException):
            return f"{type(value).__name__}: {value}"
        return str(value)
    except Exception as error:  # noqa: BLE001 - a plugin's __str__ must not stop a log
        return f"<{type(value).__name__} that fails to print: {type(error).__name__}>"


def _cut(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    half = longest // 2
    return f"{text[:half]} ...[{len(text) - 2 * half} more]... {text[-half:]}"


def _escaped(found: re.Match[str]) -> str:
    return found.group().encode("unicode_escape").decode("ascii")
