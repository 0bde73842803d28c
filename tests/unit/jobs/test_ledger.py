"""Ends of attempts while the database is away."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from nxforge_core.api import JobName, PluginId, RunId, UnavailableError
from nxforge_core.jobs._ledger import Claim, Ledger
from nxforge_core.jobs._verdict import Verdict

_CLAIM = Claim(
    id=RunId(1),
    plugin=PluginId("meter-probe"),
    job=JobName("probe"),
    slot=datetime(2026, 1, 1, tzinfo=UTC),
    attempt=1,
    tries=0,
    params=None,
    age=0.0,
    lines=0,
)


class Away:
    """A database that answers from its n-th question on."""

    def __init__(self, misses: int, answer: object = 1) -> None:
        self.misses = misses
        self.answer = answer
        self.asked = 0

    async def fetchval(self, _sql: str, *_args: object) -> object:
        """Answer, or not."""
        self.asked += 1
        if self.asked <= self.misses:
            message = "away"
            raise UnavailableError(message)
        return self.answer


def _ledger(database: Any) -> Ledger:
    return Ledger(database, "worker", patience=(0.0, 0.0))


async def test_end_is_stored_when_the_database_is_back() -> None:
    """A short absence of the database loses no end of a run."""
    away = Away(misses=2)
    assert await _ledger(away).finish(_CLAIM, Verdict(state="succeeded"), 1.0)
    assert away.asked == 3


async def test_end_is_given_up_when_the_database_stays_away() -> None:
    """After its patience the worker lets go: the reaper takes the run back."""
    with pytest.raises(UnavailableError):
        await _ledger(Away(misses=3)).finish(_CLAIM, Verdict(state="failed"), 1.0)


async def test_end_of_an_attempt_that_is_no_longer_ours_is_not_stored() -> None:
    """The answer says whether the attempt was still this worker's."""
    gone = Away(misses=0, answer=None)
    assert not await _ledger(gone).finish(_CLAIM, Verdict(state="succeeded"), 1.0)
