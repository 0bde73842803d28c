"""Ends of attempts while the database is away or its answers are lost."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

import pytest

from nxforge_core.api import (
    JobContext,
    JobName,
    JobSpec,
    NoParams,
    PluginId,
    RunId,
    UnavailableError,
)
from nxforge_core.jobs._sql import SQL
from nxforge_core.jobs.work._ledger import Claim, Ledger
from nxforge_core.jobs.work._settle import Settler
from nxforge_core.jobs.work._usage import Growth
from nxforge_core.jobs.work._verdict import Verdict
from nxforge_core.services import SystemClock, get_log

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


async def _nothing(ctx: JobContext, params: NoParams) -> None:
    """Succeed."""


_SPEC = JobSpec(name="probe", title="Probe", handler=_nothing)


class Away:
    """A database that answers from its n-th question on."""

    def __init__(
        self, misses: int, state: object = "succeeded", *, stored: bool = False
    ) -> None:
        self.misses = misses
        self.state = state
        self.stored = stored
        self.asked = 0

    async def fetchval(self, sql: str, *_args: object) -> object:
        """Answer, or not."""
        self.asked += 1
        if self.asked <= self.misses:
            message = "away"
            raise UnavailableError(message)
        return self.stored if sql == SQL.ended_here else self.state


class Counted:
    """Meters that remember ends."""

    def __init__(self) -> None:
        self.ends: list[tuple[str, float | None]] = []

    def ended(self, _plugin: str, _job: str, state: str, seconds: float | None) -> None:
        """Remember an end."""
        self.ends.append((state, seconds))


async def _settle(database: Any, verdict: Verdict, meters: Any = None) -> None:
    no_link: Any = None
    ledger = Ledger(database, "worker")
    settler = Settler(
        no_link, ledger, SystemClock(), get_log("test"), meters, patience=(0.0, 0.0)
    )
    await settler.settle(_CLAIM, _SPEC, verdict, 1.0, Growth())


async def test_end_is_stored_when_the_database_is_back() -> None:
    """A short absence of the database loses no end of a run, and it counts once."""
    away, meters = Away(misses=2), Counted()
    await _settle(away, Verdict(state="succeeded"), meters)
    assert away.asked == 3
    assert meters.ends == [("succeeded", 1.0)]


async def test_end_that_cannot_be_stored_is_told_at_once_and_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Who reads the log learns the reason while it lasts, not when it is over."""
    await _settle(Away(misses=2), Verdict(state="failed"))
    told = [line for line in caplog.messages if "outcome_not_stored" in line]
    assert len(told) == 1
    assert "away" in told[0]


async def test_end_is_given_up_when_the_database_stays_away() -> None:
    """After its patience the worker lets go: the reaper takes the run back."""
    with pytest.raises(UnavailableError):
        await _settle(Away(misses=3), Verdict(state="failed"))


async def test_end_of_an_attempt_that_is_no_longer_ours_is_reported(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A late worker stores nothing, counts nothing, and says so."""
    meters = Counted()
    with caplog.at_level(logging.INFO):
        await _settle(Away(misses=0, state=None), Verdict(state="failed"), meters)
    assert "late_worker" in caplog.text
    assert meters.ends == []


@pytest.mark.parametrize(
    ("stored", "event", "other"),
    [
        (True, "outcome_resolved", "late_worker"),
        (False, "late_worker", "outcome_resolved"),
    ],
)
async def test_lost_answer_is_resolved_by_looking(
    caplog: pytest.LogCaptureFixture, *, stored: bool, event: str, other: str
) -> None:
    """Where only the answer was lost the log says the end was stored, and not late."""
    away = Away(misses=1, state=None, stored=stored)
    with caplog.at_level(logging.INFO):
        await _settle(away, Verdict(state="succeeded"))
    assert event in caplog.text
    assert other not in caplog.text
