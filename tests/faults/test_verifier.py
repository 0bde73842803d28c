"""The verifier of the matrix: a gap that nothing explains is found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hosts import Installation
from meters import Meters
from postmaster import Postmaster
from rack import Rack

_TABLES = """
create schema nxforge;
create schema nxp_consumption_monitor;
create table nxforge.run (
    plugin text default 'consumption-monitor',
    job text default 'collect-consumption',
    id integer default 1,
    trigger text default 'schedule',
    shard integer default 0,
    slot timestamptz,
    state text default 'succeeded',
    losses integer default 0,
    attempt integer default 1,
    finished_at timestamptz
);
set search_path = nxp_consumption_monitor;
create table endpoint (id integer, phase_s integer);
create table endpoint_state (
    endpoint_id integer, leased_by timestamptz, leased_slot timestamptz
);
create table scrape_attempt (
    endpoint_id integer, slot timestamptz, started_at timestamptz, scrape_ms integer,
    outcome text, error text
);
insert into endpoint values (1, 0);
"""
#: Polls of these slots are stored before any of them is due.
_FUTURE = datetime(2126, 1, 1, tzinfo=UTC)
#: Polls of these are stored after all were due.
_PAST = datetime(2026, 1, 1, tzinfo=UTC)


def _slots(start: datetime) -> list[datetime]:
    """What is looked at: it begins ten seconds in and ends fifteen before the end."""
    return [start + timedelta(seconds=each) for each in (10, 15, 20)]


_SLOTS = _slots(_FUTURE)


class Case:
    """A monitor's tables, with rows of our own."""

    def __init__(self, installation: Installation, rack: Rack) -> None:
        self._installation = installation
        self._meters = Meters(installation, rack)
        installation.query(_TABLES)
        for slot in (*_SLOTS, *_slots(_PAST)):
            self.run(slot)

    def gaps(self, start: datetime = _FUTURE) -> int:
        """What the verifier finds."""
        return self._meters.gaps(start, start + timedelta(seconds=35))

    def run(self, slot: datetime, **facts: Any) -> None:
        """A tick that did well, unless something else is said."""
        facts = {"finished_at": slot + timedelta(seconds=1), **facts}
        self._installation.query("delete from nxforge.run where slot = %s", slot)
        self._insert("nxforge.run", slot=slot, **facts)

    def attempt(self, slot: datetime, seconds: int = 0, **facts: Any) -> None:
        """A poll of so many seconds."""
        facts = {"outcome": "ok", "error": "", **facts}
        self._insert(
            "nxp_consumption_monitor.scrape_attempt",
            endpoint_id=1,
            slot=slot,
            started_at=slot,
            scrape_ms=1000 * seconds,
            **facts,
        )

    def lost(self, slot: datetime, seconds: int, round_: datetime) -> None:
        """What a round leaves that leased and did not store."""
        error = f"the round of {round_:%Y-%m-%dT%H:%M:%S.%fZ} leased it and did not"
        self.attempt(slot, seconds, outcome="lost", error=error)

    def lease(self, slot: datetime, round_: datetime) -> None:
        """A lease that has not expired."""
        table = "nxp_consumption_monitor.endpoint_state"
        self._insert(table, endpoint_id=1, leased_by=round_, leased_slot=slot)

    def _insert(self, table: str, **row: Any) -> None:
        names, places = ", ".join(row), ", ".join(["%s"] * len(row))
        statement = f"insert into {table} ({names}) values ({places})"  # noqa: S608
        self._installation.query(statement, *row.values())


@pytest.fixture
def case(postmaster: Postmaster, rack: Rack, tmp_path: Path) -> Iterator[Case]:
    """Three slots of one endpoint, and nobody has polled it."""
    installation = Installation(tmp_path / "case", postmaster)
    yield Case(installation, rack)
    installation.stop()


def test_slots_that_nobody_polled_are_found(case: Case) -> None:
    """Ticks that did well explain nothing, and neither do ticks that are not there."""
    assert case.gaps() == 3
    case.attempt(_SLOTS[0])
    case.attempt(_SLOTS[1], seconds=4)
    assert case.gaps() == 1


def test_poll_that_is_stored_late_explains_what_came_due_meanwhile(case: Case) -> None:
    """Its lease keeps others off until it is stored, and not longer."""
    first, *_ = _slots(_PAST)
    case.attempt(first - timedelta(seconds=5))
    assert case.gaps(_PAST) == 0
    case.attempt(_SLOTS[0], seconds=4)
    assert case.gaps() == 2


@pytest.mark.parametrize(
    ("failures", "seconds", "gaps"), [(1, 0, 3), (2, 0, 3), (2, 1, 2), (3, 1, 1)]
)
def test_rest_after_failures_explains_what_it_costs(
    case: Case, failures: int, seconds: int, gaps: int
) -> None:
    """The second failure in a row rests a meter for its interval, a third for two."""
    before = _SLOTS[0] - timedelta(seconds=5)
    for each in range(failures):
        at = before - timedelta(seconds=5 * each)
        case.attempt(at, seconds, outcome="timeout")
    assert case.gaps() == gaps
    case.attempt(before, outcome="ok")
    assert case.gaps() == 3


def test_lost_round_explains_what_it_had_leased_until_that_was_noticed(
    case: Case,
) -> None:
    """Its own row says that it was lost; what came later is a gap."""
    case.run(_SLOTS[0], losses=1, attempt=2, finished_at=_PAST)
    case.lost(_SLOTS[0], seconds=6, round_=_SLOTS[0])
    assert case.gaps() == 1


@pytest.mark.parametrize("round_", [_SLOTS[0], _PAST])
def test_lost_attempt_of_a_round_that_did_well_explains_nothing(
    case: Case, round_: datetime
) -> None:
    """A monitor that blames its rounds without a reason is found out."""
    case.lost(_SLOTS[0], seconds=60, round_=round_)
    assert case.gaps() == 3


def test_lease_explains_a_gap_only_if_its_round_was_lost(case: Case) -> None:
    """The end of a run may come before the lease of a lost round expires."""
    case.lease(_SLOTS[1], round_=_SLOTS[1])
    assert case.gaps() == 3
    case.run(_SLOTS[1], state="lost")
    assert case.gaps() == 1


def test_attempt_without_a_round_explains_nothing(case: Case) -> None:
    """What was given back has no round that could be asked."""
    case.attempt(_SLOTS[0], 60, outcome="lost", error="its round gave it back")
    assert case.gaps() == 3
