"""A new key takes its place in the key file: offered, then first; an old one leaves.

A key is offered as the second one first: every process can open with it before
anything is sealed with it. A kill in between leaves a file that works, and a mark that
says what was under way.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Final

from ._keyfile import is_key, lines_of_key_file, replace_key_file

__all__ = ["drop_keys", "offer_key", "offered_key", "promote_key"]

_NEXT: Final = "# next: seals nothing before every process knows it"


def offered_key(path: Path) -> str | None:
    """The key that was offered and not promoted yet."""
    lines = lines_of_key_file(path)
    if _NEXT not in lines[:-1]:
        return None
    return lines[lines.index(_NEXT) + 1]


def offer_key(path: Path, key: str) -> None:
    """Put a new key behind the first one."""
    lines = lines_of_key_file(path)
    first = _first(lines)
    replace_key_file(path, [*lines[: first + 1], _NEXT, key, *lines[first + 1 :]])


def promote_key(path: Path, key: str) -> None:
    """Put the offered key in front: from now on it seals."""
    lines = [line for line in lines_of_key_file(path) if line not in {_NEXT, key}]
    first = _first(lines)
    replace_key_file(path, [*lines[:first], key, *lines[first:]])


def drop_keys(path: Path, keys: Collection[str]) -> None:
    """Take keys out."""
    lines = [line for line in lines_of_key_file(path) if line not in keys]
    replace_key_file(path, lines)


def _first(lines: list[str]) -> int:
    return next(place for place, line in enumerate(lines) if is_key(line))
