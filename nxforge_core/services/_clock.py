"""The real clock."""

from __future__ import annotations

import time
from datetime import UTC, datetime

__all__ = ["SystemClock"]


class SystemClock:
    """`nxforge_core.api.Clock` on the clock of the machine."""

    def now(self) -> datetime:
        """The current instant: aware, UTC."""
        return datetime.now(tz=UTC)

    def monotonic(self) -> float:
        """Seconds of a clock that never goes back; the zero point means nothing."""
        return time.monotonic()
