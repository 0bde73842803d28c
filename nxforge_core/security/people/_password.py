"""Passwords: which are accepted, and how they are kept."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from ._common import COMMON
from ._errors import WeakPasswordError

__all__ = ["LONGEST", "check_password"]

#: Characters; hashing takes no longer for more, but a body has an end.
LONGEST: Final = 256
#: Different characters at the least: `aaaaaaaaaaaa` is no password.
_DIFFERENT: Final = 5
#: Letters of a word that must not be all there is to a password.
_WORD: Final = 3
#: Characters that must be left beside such words.
_REST: Final = 8
_ENDS: Final = re.compile(r"^[^a-z]+|[^a-z]+$")
_APART: Final = re.compile(r"\W+|_")


def check_password(password: str, shortest: int, known: Iterable[str]) -> None:
    """Refuse a password that somebody would guess; no rule about its characters.

    Args:
        password: As it was typed: it is neither cut nor changed.
        shortest: Characters at the least.
        known: Names of the person, the host and the product.

    Raises:
        WeakPasswordError: says why; the password is not named.
    """
    if why := _weakness(password, shortest, known):
        raise WeakPasswordError(why)


def _weakness(password: str, shortest: int, known: Iterable[str]) -> str:
    folded = password.casefold()
    if len(password) < shortest:
        return f"has fewer than {shortest} characters"
    if len(password) > LONGEST:
        return f"has more than {LONGEST} characters"
    if len(set(folded)) < _DIFFERENT:
        return "repeats a few characters"
    if folded in COMMON or _ENDS.sub("", folded) in COMMON or _is_run(folded):
        return "is one that everybody tries first"
    if len(_beside(folded, known)) < _REST:
        return "is little more than a name that others know"
    return ""


def _beside(folded: str, known: Iterable[str]) -> str:
    """What is left when names are taken away."""
    words = {part for name in known for part in _APART.split(name.casefold())}
    for word in sorted(words, key=len, reverse=True):
        if len(word) >= _WORD:
            folded = folded.replace(word, "")
    return folded


def _is_run(folded: str) -> bool:
    """Whether each character follows the one before, as in `abcdefghijkl`."""
    steps = {ord(b) - ord(a) for a, b in pairwise(folded)}
    # From 9 to 0 a run goes on.
    return steps in ({1}, {-1}, {1, -9}, {-1, 9})
