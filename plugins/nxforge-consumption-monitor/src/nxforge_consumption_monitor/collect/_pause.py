"""How long an endpoint rests after failures."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

__all__ = ["retry_at"]

_LONGEST: Final = timedelta(minutes=15)
#: Beyond it the doubling is over the longest rest anyway.
_LAST_DOUBLING: Final = 4


def retry_at(failures: int, at: datetime) -> datetime | None:
    """Until when an endpoint rests after so many failures in a row.

    The first costs nothing, its next slot tries again. The second rests it for 1
    minute, then 2, 4, 8, and at the most 15.
    """
    if failures <= 1:
        return None
    doublings = min(failures - 2, _LAST_DOUBLING)
    return at + min(timedelta(minutes=2**doublings), _LONGEST)
