"""F5: the server commits and the answer is lost on the way."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from cutter import Cutter
from hosts import Installation
from matrix import Fault
from postmaster import Postmaster
from promises import Promises
from rack import Rack


@pytest.fixture
def cutter(postmaster: Postmaster) -> Iterator[Cutter]:
    """The network between the hosts and the server."""
    made = Cutter(postmaster.port)
    yield made
    made.close()


@pytest.mark.fault("F5", "answer to a COMMIT lost", short=25, long=500)
def test_lost_answer_to_a_commit_doubles_nothing_and_leaves_no_gap(
    fault: Fault, installation: Installation, cutter: Cutter, rack: Rack, tmp_path: Path
) -> None:
    """An error after a commit is an unknown outcome: nothing is done a second time."""
    promises = Promises(installation, rack, tmp_path, jobs=10, seconds=0.02)
    promises.begin(port=cutter.port)
    installation.work().ready()
    for _ in range(fault.times):
        fault.inject(cutter.cut_next)
        threading.Event().wait(fault.chance.uniform(0.0, 0.4))
    promises.end(fault)
    fault.landed(cutter.cuts)

    fault.figure("written, and nothing logged why", _silent(installation), limit=0)


def _silent(installation: Installation) -> int:
    """Runs whose row is there and whose record says neither success nor an error."""
    statement = """
        select count(*) from nxforge.run
        join nxp_fault_probe.written on written.run = run.id
        where state <> 'succeeded' and error is null and note is null
    """
    return int(installation.query(statement)[0][0])
