"""Lines of key and value, as meters print them on their optical port."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["OBIS", "find_key", "line_of_key"]

#: The separator of OBIS telegrams: `1-0:1.8.1(001581.123*kWh)`.
OBIS: Final = "("
_GROUP: Final = re.compile(r"\(([^()]*)\)")


def find_key(text: str, key: str, separator: str = OBIS) -> list[list[str]]:
    """Return the values of each line that has `key`.

    Args:
        text: The telegram.
        key: What stands before the separator; in an OBIS telegram the `*255` at the
            end of a code may be left out.
        separator: `(` for OBIS telegrams, else what stands between key and value.
    """
    if separator == OBIS:
        return [_GROUP.findall(rest) for rest in _obis(text, key)]
    found = []
    for line in text.splitlines():
        name, mark, value = line.partition(separator)
        if mark and name.strip().strip("\"'") == key:
            found.append([value.strip()])
    return found


def line_of_key(text: str, key: str, separator: str = OBIS) -> int:
    """Return the number of the first line that has `key`, from 1; 0: none has."""
    for number, line in enumerate(text.splitlines(), 1):
        if find_key(line, key, separator):
            return number
    return 0


def _obis(text: str, key: str) -> list[str]:
    rests = []
    for line in text.splitlines():
        code, mark, rest = line.strip().partition(OBIS)
        if mark and (code == key or code.partition("*")[0] == key):
            rests.append(mark + rest)
    return rests
