"""The word somebody probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = ["nearest", "suggest"]


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like the given one, None if none is like it."""
    return next(iter(get_close_matches(word, sorted(known), n=1, cutoff=0.55)), None)


def suggest(word: str, known: Iterable[str], *, otherwise: str) -> str:
    """The question 'did you mean ...?', or another remedy where nothing is near."""
    match = nearest(word, known)
    return f"did you mean {match!r}?" if match else otherwise
