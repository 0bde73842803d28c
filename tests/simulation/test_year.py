"""A time full of faults, lived through by the real jobs, ends with the right months."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from random import SystemRandom

import pytest
from simulated_year import Lived, Surroundings, live_through
from simulator import WorldSpec

from nxforge_core.database import ServerAddress


@pytest.mark.patient
@pytest.mark.timeout(300)
async def test_weeks_of_faults_end_with_the_right_months(
    around: Surroundings, database: ServerAddress
) -> None:
    """Eight meters, six weeks, a change of the clocks, every fault, and kills."""
    spec = WorldSpec(
        seed=_seed(),
        begin=_instant(2025, 3, 5),
        days=40,
        quarters=1,
        meters=8,
        intervals=(7200,),
        away_days=4,
    )
    _check(await live_through(spec, around, database, tick=3600))


@pytest.mark.long
@pytest.mark.timeout(3600)
async def test_year_of_faults_ends_with_the_right_months(
    around: Surroundings, database: ServerAddress
) -> None:
    """Fifty meters, a year, every fault in every quarter, and kills."""
    spec = WorldSpec(
        seed=_seed(),
        begin=_instant(2025, 1, 10),
        days=365,
        quarters=4,
        meters=50,
        intervals=(7200, 14_400, 7200),
        away_days=9,
    )
    _check(await live_through(spec, around, database, tick=3600))


def _check(lived: Lived) -> None:
    if lived.findings:
        pytest.fail("\n".join([f"seed {lived.seed}", *lived.findings]))
    assert lived.killed
    assert set(lived.killed) == {-9}
    assert lived.estimated_months > 0


def _seed() -> int:
    seed = SystemRandom().randrange(1_000_000)
    sys.stdout.write(f"seed {seed}\n")
    return seed


def _instant(year: int, month: int, day: int) -> int:
    return int(datetime(year, month, day, tzinfo=UTC).timestamp())
