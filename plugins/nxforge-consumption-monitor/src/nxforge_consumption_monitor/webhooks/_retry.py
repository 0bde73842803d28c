"""When a delivery that failed is tried again. Pure."""

from __future__ import annotations

import zlib
from datetime import timedelta
from typing import Final

__all__ = ["MOST_ATTEMPTS", "TOO_LATE", "pause_after"]

#: About a day from the first attempt to the last.
MOST_ATTEMPTS: Final = 16
#: What could not be sent for so long is not sent any more: it would be read as news.
TOO_LATE: Final = timedelta(hours=36)
_FIRST: Final = timedelta(seconds=30)
_LONGEST: Final = timedelta(hours=3)
_SPREAD: Final = 0.2
_MANY: Final = 2**32


def pause_after(attempts: int, event_id: str) -> timedelta | None:
    """How long to wait after so many attempts; None: it is given up.

    Doubled each time, up to three hours, and up to a fifth shorter or longer, so that
    what failed together does not come back together. The same event waits equally
    long wherever that is computed.
    """
    if attempts >= MOST_ATTEMPTS:
        return None
    doubled: int = 2 ** (attempts - 1)
    plain = min(_FIRST * doubled, _LONGEST)
    chance = zlib.crc32(f"{event_id}/{attempts}".encode()) / _MANY
    return plain * (1 - _SPREAD + 2 * _SPREAD * chance)
