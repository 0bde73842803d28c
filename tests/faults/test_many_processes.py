"""F1, F2: any number of processes on one database do each due run once."""

from __future__ import annotations

import signal
import threading
import time
from pathlib import Path

import pytest
from hosts import Host, Installation, until
from matrix import Fault
from probe import Probe
from promises import Promises
from rack import Rack

#: The lease of `Installation.configure`, the reaper's pause, and a second.
RECLAIMED = 2.0 + 0.85 + 1.0
#: The share of kills whose victim is one that has begun a run.
AT_WORK = 0.75


@pytest.mark.fault(
    "F1", "kill -9 of two hosts and three workers at random", short=12, long=200,
    share=0.3,
)  # fmt: skip
def test_kills_lose_nothing_and_double_nothing(
    fault: Fault, installation: Installation, rack: Rack, tmp_path: Path
) -> None:
    """Whatever is killed whenever: each due slot has one outcome, each ack is kept."""
    promises = Promises(installation, rack, tmp_path, jobs=10, seconds=0.4)
    promises.begin()
    for start in (installation.serve, *[installation.work] * 3):
        start()
    until(promises.meters.attempts, seconds=30)
    kills = Kills(installation, fault)
    for _ in range(fault.times):
        threading.Event().wait(fault.chance.uniform(0, 0.25))
        kills.one()
    until(lambda: not kills.unclaimed(), seconds=30)
    never, calm = kills.unclaimed(), kills.calm()
    promises.end(fault)

    fault.figure("kills never re-claimed", never, limit=0)
    fault.figure("calm until re-claimed, s", calm, limit=RECLAIMED)
    assert promises.probe.written() > fault.times
    assert promises.meters.attempts() > 0


class Kills:
    """Who was killed, when, and how long nobody took the runs of the dead."""

    def __init__(self, installation: Installation, fault: Fault) -> None:
        self._installation = installation
        self._fault = fault
        self._times: list[float] = []
        self._held: list[int] = []

    def one(self) -> None:
        """Kill one at any time, or one at work.

        Where none is left, its time counts from when one is there to take its runs.
        """
        running, chance = self._installation.running, self._fault.chance
        victim = chance.choice(running)
        if chance.random() < AT_WORK:
            victim = chance.choice(until(self._busy) or [victim])
        self._fault.inject(victim.kill)
        if victim.process.poll() != -signal.SIGKILL:
            return
        if _held(self._installation, victim.pid):
            self._fault.landed()
            self._held.append(victim.pid)
        self._installation.again(victim)
        until(lambda: any(one.alive and one.started for one in running))
        self._times.append(time.time())

    def unclaimed(self) -> int:
        """The dead who still have a run in hand."""
        return sum(1 for pid in self._held if _held(self._installation, pid))

    def calm(self) -> float:
        """Seconds without a kill before a dead one's last run was taken, at the most.

        Others who are killed meanwhile take nothing: only calm counts.
        """
        statement = (
            "select extract(epoch from max(ended_at))::float8 from nxforge.run_attempt"
            " where state = 'lost' and worker like %s"
        )
        taken = [
            float(at)
            for pid in self._held
            for (at,) in self._installation.query(statement, f"%:{pid}:%")
            if at is not None
        ]
        return max((self._since_kill(at) for at in taken), default=0)

    def _since_kill(self, at: float) -> float:
        return at - max((time for time in self._times if time <= at), default=at)

    def _busy(self) -> list[Host]:
        running = self._installation.running
        return [one for one in running if _held(self._installation, one.pid)]


def _held(installation: Installation, pid: int) -> int:
    """Runs that a process has begun and nobody has taken back."""
    statement = (
        "select count(*) from nxforge.run where state = 'running' and worker like %s"
    )
    return int(installation.query(statement, f"%:{pid}:%")[0][0])


@pytest.mark.fault(
    "F2", "three processes, no kills: contention alone", short=400, long=50_000
)
def test_each_due_run_is_begun_once_by_three_processes(
    fault: Fault, installation: Installation, tmp_path: Path
) -> None:
    """Three hosts fire and work for the same jobs: attempts = due, exactly."""
    probe = Probe(installation, tmp_path, jobs=40, seconds=0.05)
    probe.install()
    installation.serve().ready()
    since = until(probe.since)
    if not fault.removed:
        installation.serve()
        installation.serve()
    until(lambda: probe.written() >= fault.times, 3000, every=0.5)
    ended = probe.done()
    installation.stop()
    workers = installation.query(
        "select count(*) from nxforge.run where worker is not null group by worker"
    )

    # The fault is the contention: what went to others than the busiest process.
    others = sorted(count for (count,) in workers)[:-1]
    fault.landed(2 * sum(others))
    due = probe.due(since, ended)
    fault.figure("due slots", due, limit=float("inf"))
    fault.figure("due slots not written", due - probe.written(since, ended), limit=0)
    fault.figure("due slots without an outcome", probe.gaps(since, ended), limit=0)
    fault.figure("attempts beyond one each", probe.begun() - probe.written(), limit=0)
    fault.figure("slots begun anew", probe.repeated(), limit=0)
    fault.figure("slots written twice", probe.duplicates(), limit=0)
    fault.figure("acknowledged and lost", probe.lost(), limit=0)
