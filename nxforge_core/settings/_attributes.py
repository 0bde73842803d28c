"""What the docstring of a struct says of each of its attributes."""

from __future__ import annotations

import inspect
import re
from typing import Final

import msgspec

__all__ = ["attribute_words"]

_MEMBER: Final = re.compile(r"    (\w+): (.*)")


def attribute_words(model: type[msgspec.Struct]) -> dict[str, str]:
    """Sentences by attribute, as written below `Attributes:`."""
    _, _, part = (inspect.getdoc(model) or "").partition("Attributes:\n")
    found: dict[str, str] = {}
    name = ""
    for line in part.splitlines():
        if member := _MEMBER.fullmatch(line):
            name = member[1]
            found[name] = member[2]
        elif name and line.startswith("        "):
            found[name] += f" {line.strip()}"
        else:
            name = ""
    return found
