"""What can be told about a statement and its arguments before they are sent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Final

from ._errors import NaiveDatetimeError

__all__ = ["check_arguments", "leaves_session_clean"]

_COMMENTS: Final = r"(?:\s+|--[^\n]*(?:\n|\Z)|/\*.*?\*/)*"
_READS_AND_WRITES: Final = re.compile(
    _COMMENTS + r"(?:select|insert|update|delete|with|values|table|merge)\b",
    re.IGNORECASE | re.DOTALL,
)
#: Second statements, session settings, session locks, temporary tables.
_SUSPICIOUS: Final = re.compile(
    r";\s*\S|set_config|advisory_(?:un)?lock|\binto\s+(?:local\s+)?temp",
    re.IGNORECASE,
)


@lru_cache(maxsize=2048)
def leaves_session_clean(sql: str) -> bool:
    """Tell whether a statement surely changes nothing about its connection.

    False for whatever is not plainly one query: SET, LISTEN, DECLARE, DO, CALL,
    several statements in one text. A function that changes settings inside is not
    seen; what it changes stays within the pool of the same plugin.
    """
    if not _READS_AND_WRITES.match(sql):
        return False
    return not _SUSPICIOUS.search(sql)


def check_arguments(arguments: Sequence[object]) -> None:
    """Refuse datetimes without zone: PostgreSQL would take them as its local time.

    Raises:
        NaiveDatetimeError: naming the argument's position.
    """
    for position, value in enumerate(arguments, start=1):
        if isinstance(value, datetime):
            _check_aware(position, value)
        elif isinstance(value, list | tuple):
            for item in value:
                if not isinstance(item, datetime):
                    break
                _check_aware(position, item)


def _check_aware(position: int, value: datetime) -> None:
    if value.tzinfo is None:
        raise NaiveDatetimeError(position, value)
