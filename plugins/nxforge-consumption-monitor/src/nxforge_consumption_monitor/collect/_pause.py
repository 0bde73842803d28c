"""How long an endpoint rests after failures."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

__all__ = ["retry_at"]

_LONGEST: Final = timedelta(minutes=15)
_FIRST: Final = timedelta(minutes=1)
#: Beyond it the doubling is over the longest rest anyway, whatever the interval.
_LAST_DOUBLING: Final = 10


def retry_at(failures: int, at: datetime, interval_s: int) -> datetime | None:
    """Until when an endpoint rests after so many failures in a row.

    The first costs nothing, its next slot tries again. The second rests it for its
    interval, a minute at the most, and each further one for twice as long, up to 15
    minutes. So a page that fails now and then loses few readings at any interval.

    Args:
        failures: In a row, this one included.
        at: When it failed.
        interval_s: Seconds between two polls of the endpoint.
    """
    if failures <= 1:
        return None
    first = min(timedelta(seconds=interval_s), _FIRST)
    return at + min(first * (1 << min(failures - 2, _LAST_DOUBLING)), _LONGEST)
