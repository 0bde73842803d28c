"""A start that waits for its database."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

import pytest

from nxforge_core.database import DatabaseUnavailableError, DatabaseUnreachableError
from nxforge_core.host._outlast import outlast
from nxforge_core.services import get_log

BOOTS = DatabaseUnreachableError("db", "it is starting up", passing=True)
REFUSED = DatabaseUnreachableError("db", "wrong password", passing=False)
GONE = DatabaseUnavailableError("db", "it went away")


class RunningClock:
    """A clock on which a second passes with each look."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        """An instant."""
        return datetime(2026, 1, 1, tzinfo=UTC)

    def monotonic(self) -> float:
        """A second more each time."""
        self.seconds += 1
        return self.seconds


class Starts:
    """A start that fails some times, each time for a reason."""

    def __init__(self, *reasons: Exception) -> None:
        self.reasons = list(reasons)
        self.tried = 0

    async def __call__(self) -> str:
        """Try."""
        self.tried += 1
        if self.reasons:
            raise self.reasons.pop(0)
        return "started"


async def _outlast(
    starts: Starts, seconds: float = 30, *, given_up: bool = False
) -> str:
    return await outlast(
        starts,
        seconds,
        clock=RunningClock(),
        log=get_log("test"),
        given_up=lambda: given_up,
        pause=0,
    )


async def test_start_is_tried_again_and_told_once_when_the_database_boots(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A server that recovers, goes away once more and is there ends in a start."""
    starts = Starts(BOOTS, BOOTS, GONE)
    with caplog.at_level(logging.WARNING):
        assert await _outlast(starts) == "started"
    assert starts.tried == 4
    (told,) = caplog.messages
    assert "it is starting up" in told
    assert "wait=30" in told


async def test_start_fails_when_the_time_is_over() -> None:
    """The wait is bounded: the reason of the last try is the answer."""
    starts = Starts(*[BOOTS] * 20)
    with pytest.raises(DatabaseUnreachableError, match="starting up"):
        await _outlast(starts, 5)
    assert starts.tried == 5


@pytest.mark.parametrize(
    ("reason", "seconds", "given_up"),
    [(REFUSED, 30, False), (BOOTS, 0, False), (BOOTS, 30, True)],
    ids=["nothing that passes", "no wait wanted", "given up"],
)
async def test_start_fails_at_once_when_there_is_nothing_to_wait_for(
    caplog: pytest.LogCaptureFixture,
    reason: Exception,
    seconds: float,
    given_up: bool,  # noqa: FBT001 - pytest passes it by name
) -> None:
    """One try, and no word about a wait that is none."""
    starts = Starts(reason)
    with pytest.raises(DatabaseUnreachableError):
        await _outlast(starts, seconds, given_up=given_up)
    assert starts.tried == 1
    assert caplog.messages == []
