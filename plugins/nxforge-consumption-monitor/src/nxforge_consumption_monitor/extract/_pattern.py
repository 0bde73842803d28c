"""Patterns of rules, in time linear to the text."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import re2

from ._errors import RuleError

__all__ = ["MAX_PATTERN_TEXT", "check_pattern", "search"]

MAX_PATTERN_TEXT: Final = 256 * 1024
_MAX_MEMORY: Final = 8 * 1024 * 1024
_MAX_PATTERN: Final = 1000


def check_pattern(field: str, pattern: str, group: int | None = None) -> None:
    """Refuse a pattern that cannot be run.

    Raises:
        RuleError: It is no RE2 pattern, or has no such group.
    """
    groups = _compiled(field, pattern).groups
    if group is not None and not 0 <= group <= groups:
        raise RuleError(
            field="group",
            what=f"{group} does not exist, the pattern has {groups}",
            remedy="count the opening parentheses of the pattern; 0 is the whole match",
        )


def search(pattern: str, text: str, group: int | None = None) -> tuple[str, str] | None:
    """Return the matched group and what follows it, None without a match.

    Args:
        pattern: In the syntax of RE2.
        text: What to look through; at most 256 kB are wise.
        group: Which group; by default the first, or the whole match without one.
    """
    compiled = _compiled("pattern", pattern)
    clean = text.encode("utf-8", "replace").decode("utf-8")
    found = compiled.search(clean)
    if found is None:
        return None
    wanted = min(compiled.groups, 1) if group is None else group
    matched = found.group(wanted)
    return (matched, clean[found.end(wanted) :]) if matched is not None else None


@lru_cache(maxsize=256)
def _compiled(field: str, pattern: str) -> re2._Regexp:
    if not pattern or len(pattern) > _MAX_PATTERN:
        raise _no_pattern(field, pattern, f"1 to {_MAX_PATTERN} characters are allowed")
    options = re2.Options()
    options.max_mem = _MAX_MEMORY
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except (re2.error, UnicodeEncodeError) as error:
        what = error.args[0] if error.args else "no pattern"
        shown = (
            what.decode("utf-8", "replace") if isinstance(what, bytes) else str(what)
        )
        raise _no_pattern(field, pattern, shown) from None


def _no_pattern(field: str, pattern: str, what: str) -> RuleError:
    return RuleError(
        field=field,
        what=f"{pattern[:100]!r} is no pattern: {what}",
        remedy="use the syntax of RE2: no look-around and no back references",
    )
