"""Names of events, and which of them a pattern means."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["covers", "matches", "matches_any"]


def matches(pattern: str, name: str) -> bool:
    """Whether a name is the pattern, or begins as `job.*` says; `*` is every name."""
    if pattern.endswith("*"):
        return name.startswith(pattern[:-1])
    return name == pattern


def matches_any(patterns: Iterable[str], name: str) -> bool:
    """Whether one of the patterns means the name."""
    return any(matches(pattern, name) for pattern in patterns)


def covers(patterns: Iterable[str], wanted: str) -> bool:
    """Whether one of the patterns means all that `wanted` means."""
    stem = wanted.removesuffix("*")
    return any(
        pattern == wanted or (pattern.endswith("*") and stem.startswith(pattern[:-1]))
        for pattern in patterns
    )
