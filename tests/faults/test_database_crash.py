"""F3, F4: PostgreSQL dies under writes; hosts stay and go on by themselves."""

from __future__ import annotations

import os
import signal
import threading
from functools import partial
from pathlib import Path

import pytest
from hosts import Installation, until
from matrix import Fault
from promises import Promises
from rack import Rack


class Load:
    """Two processes that write without a pause, and how they came through."""

    def __init__(self, installation: Installation, rack: Rack, folder: Path) -> None:
        self.installation = installation
        self.postmaster = installation.postmaster
        self.promises = Promises(installation, rack, folder, jobs=10, seconds=0.05)
        self.promises.begin()
        installation.work().ready()
        until(self.promises.probe.written)

    def back_after(self) -> float:
        """Seconds from now until the first new row, by the database's clock."""
        now = self.installation.query("select clock_timestamp()")[0][0]
        statement = "select min(at) from nxp_fault_probe.written where at > %s"
        found = until(lambda: self.installation.query(statement, now)[0][0], 40)
        return float((found - now).total_seconds()) if found else float("inf")

    def report(self, fault: Fault, slowest: float, limit: float) -> None:
        """End it all and note the figures that every crash has."""
        self.promises.end(fault)
        fault.figure("seconds until new rows", slowest, limit=limit)


@pytest.mark.fault("F3", "postmaster kill -9 under writes", short=4, long=40, share=1)
def test_killed_postmaster_loses_nothing_and_stops_no_host(
    fault: Fault, installation: Installation, rack: Rack, tmp_path: Path
) -> None:
    """What was acknowledged is there; new rows 5 s after the server is ready."""
    load = Load(installation, rack, tmp_path)
    slowest = 0.0
    for _ in range(fault.times):
        threading.Event().wait(fault.chance.uniform(0.1, 1.0))
        process = load.postmaster.process
        assert process is not None
        fault.inject(load.postmaster.end, signal.SIGKILL)
        fault.landed(process.poll() == -signal.SIGKILL)
        load.postmaster.start()
        slowest = max(slowest, load.back_after())

    load.report(fault, slowest, limit=5)


@pytest.mark.fault(
    "F4", "one backend kill -9, and fast restarts", short=6, long=80, share=1
)
def test_killed_backend_and_fast_restart_lose_nothing(
    fault: Fault, installation: Installation, rack: Rack, tmp_path: Path
) -> None:
    """The server ends every connection, twice in two ways: rows go on at once."""
    load = Load(installation, rack, tmp_path)
    slowest = 0.0
    for turn in range(fault.times):
        threading.Event().wait(fault.chance.uniform(0.1, 0.5))
        before = set(load.postmaster.backends(installation.database))
        if turn % 2:
            fault.inject(load.postmaster.end, signal.SIGINT)
        else:
            victim = fault.chance.choice(sorted(before))
            fault.inject(os.kill, victim, signal.SIGKILL)
            # The others are ended by the postmaster, a moment later.
            until(partial(_gone, victim), 0.2 if fault.removed else 5)
        load.postmaster.start()
        after = set(load.postmaster.backends(installation.database))
        fault.landed(not before & after)
        slowest = max(slowest, load.back_after())

    # A slot comes each second; what is beyond that second is the hosts' doing.
    load.report(fault, slowest, limit=1 + 1)


def _gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()
