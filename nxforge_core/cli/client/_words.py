"""Names of Python for names of an API."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Mapping
from typing import Final

__all__ = ["attribute", "class_names", "sentence"]

_BREAKS: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+")
_WIDTH: Final = 78


def attribute(name: str) -> str:
    """`intervalS` is `interval_s`, `If-Match` is `if_match`, `from` is `from_`."""
    made = "_".join(part.lower() for part in _BREAKS.split(name) if part)
    if keyword.iskeyword(made) or made == "self":
        return f"{made}_"
    return f"_{made}" if made[:1].isdigit() else made


def class_names(schemas: Iterable[str]) -> Mapping[str, str]:
    """Short names; where two plugins have the same one, it begins with the plugin."""
    names = list(schemas)
    short = {name: _pascal(name.rpartition(".")[2]) for name in names}
    taken = list(short.values())
    return {
        name: made if taken.count(made) == 1 else _pascal(name)
        for name, made in short.items()
    }


def sentence(text: str) -> str:
    """The first line of a text, safe inside a docstring and not too long."""
    line = text.strip().partition("\n")[0].replace("\\", "").replace('"""', "'''")
    return line if len(line) <= _WIDTH else f"{line[: _WIDTH - 3].rstrip()}..."


def _pascal(name: str) -> str:
    parts = re.split(r"[^A-Za-z0-9]+", name)
    return "".join(part[:1].upper() + part[1:] for part in parts if part)
