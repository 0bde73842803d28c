"""A clock that goes only when it is told to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

__all__ = ["FrozenClock"]


class FrozenClock:
    """`nxforge_core.api.Clock` in a test's hands.

    ::

        clock = FrozenClock(datetime(2026, 3, 29, 1, 30, tzinfo=UTC))
        clock.advance(minutes=15)

    Args:
        at: Where it stands; by default at the real instant of its making.
    """

    def __init__(self, at: datetime | None = None) -> None:
        self._now = (at or datetime.now(UTC)).astimezone(UTC)
        self._monotonic = 1_000.0

    def now(self) -> datetime:
        """Where it stands: aware, UTC."""
        return self._now

    def monotonic(self) -> float:
        """Seconds that grow as the clock is advanced."""
        return self._monotonic

    def advance(
        self, seconds: float = 0, *, minutes: float = 0, hours: float = 0
    ) -> None:
        """Let so much time pass."""
        passed = timedelta(seconds=seconds, minutes=minutes, hours=hours)
        self._now += passed
        self._monotonic += passed.total_seconds()

    def set(self, at: datetime) -> None:
        """Put it to an instant; only a later one passes for those who measure."""
        passed = (at - self._now).total_seconds()
        self._now = at.astimezone(UTC)
        self._monotonic += max(passed, 0.0)
