"""F31: everything at once for a while, and nothing grows."""

from __future__ import annotations

import os
import signal
import statistics
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from hosts import Host, Installation, until
from matrix import Fault
from promises import Promises
from rack import Rack

#: Connections of one process at the most: four each of the core, the queue and two
#: plugins, the listener's, and three that live for one question.
_BUDGET = 20


class Gauge:
    """What one process uses, looked at now and then."""

    def __init__(self, host: Host, database_port: int) -> None:
        self._process = psutil.Process(host.pid)
        self._database_port = database_port
        self._looks: list[tuple[float, ...]] = []

    def look(self) -> None:
        """Take memory in MB, open files, threads, connections to the database."""
        with self._process.oneshot():
            memory = self._process.memory_info().rss / 1e6
            files, threads = self._process.num_fds(), self._process.num_threads()
        self._looks.append((memory, files, threads, self._connections()))

    def most_connections(self) -> float:
        """Most connections to the database at any look."""
        return max(look[3] for look in self._looks)

    def _connections(self) -> int:
        return sum(
            each.status == psutil.CONN_ESTABLISHED
            and each.raddr.port == self._database_port
            for each in self._process.net_connections("tcp")
        )

    def growth(self) -> list[float]:
        """What the last third has more than those before it, of each.

        Of memory the medians. Of what a crashed server closes and later work opens
        again, the most at a time: a leak lifts it, a dip does not count as a rise.
        """
        third = len(self._looks) // 3
        early = list(zip(*self._looks[third:-third], strict=True))
        last = list(zip(*self._looks[-third:], strict=True))
        memory = statistics.median(last[0]) - statistics.median(early[0])
        most = [
            max(after) - max(before) for before, after in zip(early, last, strict=True)
        ]
        return [memory, *most[1:]]


class Trouble:
    """The faults of a soak; each of them is over when it returns."""

    def __init__(self, fault: Fault, installation: Installation, rack: Rack) -> None:
        self._fault = fault
        self._installation = installation
        self._rack = rack
        #: The first host is measured and therefore never killed.
        self.kinds: list[Callable[[], None]] = [
            self.kill_process,
            self.kill_server,
            self.kill_backend,
            self.silence_meters,
        ]

    def in_order(self) -> list[Callable[[], None]]:
        """As many as there are to be, each kind as often as the others."""
        strikes = [self.kinds[turn % 4] for turn in range(self._fault.times)]
        self._fault.chance.shuffle(strikes)
        return strikes

    def kill_process(self) -> None:
        """Kill -9 of one that is not measured."""
        victim = self._fault.chance.choice(self._installation.running[1:])
        self._fault.inject(victim.kill)
        if victim.process.poll() == -signal.SIGKILL:
            self._fault.landed()
            self._installation.again(victim)

    def kill_server(self) -> None:
        """Kill -9 of the postmaster."""
        postmaster = self._installation.postmaster
        process = postmaster.process
        assert process is not None
        self._fault.inject(postmaster.end, signal.SIGKILL)
        self._fault.landed(process.poll() == -signal.SIGKILL)
        postmaster.start()

    def kill_backend(self) -> None:
        """Kill -9 of one connection's process."""
        postmaster = self._installation.postmaster
        backends = postmaster.backends(self._installation.database)
        if backends:
            self._fault.inject(os.kill, backends[0], signal.SIGKILL)
            self._fault.landed(bool(until(lambda: not _exists(backends[0]), 1)))
        postmaster.start()

    def silence_meters(self) -> None:
        """Meters that accept and never answer, longer than their time-out."""
        self._fault.inject(self._rack.process.send_signal, signal.SIGSTOP)
        state = psutil.Process(self._rack.process.pid).status()
        self._fault.landed(state == psutil.STATUS_STOPPED)
        threading.Event().wait(3)
        self._rack.process.send_signal(signal.SIGCONT)


@pytest.mark.fault(
    "F31", "soak: kills, crashes, silent meters at random", short=6, long=150
)
def test_soak_keeps_every_promise_and_grows_nothing(
    fault: Fault, installation: Installation, rack: Rack, tmp_path: Path
) -> None:
    """The figures of F1 hold, and the process that lived through it all is flat."""
    promises = Promises(installation, rack, tmp_path, jobs=8, seconds=0.1)
    witness = promises.begin()
    installation.serve()
    installation.work()
    gauge = Gauge(witness, installation.postmaster.port)
    trouble = Trouble(fault, installation, rack)
    for strike in trouble.in_order():
        _watch(gauge, fault.chance.uniform(1.0, 4.0))
        strike()
    _watch(gauge, 5)
    promises.end(fault)

    memory, files, threads, connections = gauge.growth()
    fault.figure("MB of memory more", memory, limit=4)
    fault.figure("open files more", files, limit=3)
    fault.figure("threads more", threads, limit=2)
    fault.figure("database connections more", connections, limit=2)
    fault.figure("database connections", gauge.most_connections(), limit=_BUDGET)


def _watch(gauge: Gauge, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        gauge.look()
        threading.Event().wait(0.5)


def _exists(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()
