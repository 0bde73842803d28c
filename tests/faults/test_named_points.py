"""F1c: a process dies at each point between a delivery and the end of its run."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hosts import Host, Installation, until
from matrix import Fault
from postmaster import Postmaster
from probe import Probe
from trap import POINTS, Trap

#: Known to the plugin alone: the row is committed and nobody said so yet.
BEFORE_ACK = "before ack"


@pytest.fixture
def trap(postmaster: Postmaster) -> Iterator[Trap]:
    """The network between the process that dies and the server."""
    made = Trap(postmaster.port)
    yield made
    made.close()


@pytest.mark.fault(
    "F1c", "kill -9 at each named point of a run", short=7, long=35, share=1
)
def test_kill_at_each_point_of_a_run_loses_and_doubles_nothing(
    fault: Fault, installation: Installation, trap: Trap, tmp_path: Path
) -> None:
    """Wherever between claim and end a worker dies, its runs have one outcome each."""
    probe = Probe(installation, tmp_path, jobs=10, seconds=0.1)
    probe.install()
    installation.serve().ready()
    since = until(probe.since)
    assert since is not None
    installation.configure(probe.ID, port=trap.port)
    points = [*POINTS, BEFORE_ACK]
    died: dict[str, int] = dict.fromkeys(points, 0)
    for turn in range(fault.times):
        point = points[turn % len(points)]
        died[point] += _die_at(point, fault, installation, trap, probe)
    fault.landed(sum(died.values()))
    ended = probe.settle()
    codes = installation.stop()

    fault.figure("acknowledged and lost", probe.lost(), limit=0)
    fault.figure("slots written twice", probe.duplicates(), limit=0)
    fault.figure("due slots without an outcome", probe.gaps(since, ended), limit=0)
    fault.figure("runs begun and never ended", _open(installation), limit=0)
    fault.figure("bad exit codes", sum(map(bool, codes)), limit=0)
    if not fault.removed:
        assert min(died.values()) > 0, died


def _die_at(
    point: str, fault: Fault, installation: Installation, trap: Trap, probe: Probe
) -> bool:
    """Start a worker, have it die there; answer whether just that happened."""
    victim, before = installation.work(), len(trap.sprung)
    if point == BEFORE_ACK:
        fault.inject(probe.doom, victim.pid)
    else:
        fault.inject(trap.set, point, victim.process.kill)
    until(lambda: not victim.alive, 3 if fault.removed else 20)
    if victim.process.poll() != -signal.SIGKILL:
        return False
    installation.running.remove(victim)
    return trap.sprung[before:] == [point] if point in POINTS else _unsaid(victim)


def _unsaid(victim: Host) -> bool:
    """Whether it had begun what it never acknowledged."""
    events = [line.get("event") for line in victim.lines()]
    return events.count("begun") > events.count("acknowledged")


def _open(installation: Installation) -> int:
    """Runs in the hands of a process, now that all have ended."""
    statement = "select count(*) from nxforge.run where state = 'running'"
    return int(installation.query(statement)[0][0])
