"""F25 and its neighbours: stopped, frozen, disabled, replaced while runs are on."""

from __future__ import annotations

import signal
import threading
import time
from functools import partial
from pathlib import Path

import httpx
import pytest
from hosts import Host, Installation, until
from matrix import Fault
from probe import Probe


def _held(installation: Installation, host: Host) -> int:
    """Runs that the record says a process works on."""
    statement = (
        "select count(*) from nxforge.run where state = 'running' and worker like %s"
    )
    return int(installation.query(statement, f"%:{host.pid}:%")[0][0])


def _busy(installation: Installation, host: Host, runs: int) -> bool:
    return _held(installation, host) >= runs


def _free(installation: Installation, host: Host) -> bool:
    return not _held(installation, host)


def _ended(host: Host) -> bool:
    return not host.alive


@pytest.mark.fault("F25", "SIGTERM while 20 jobs run", short=2, long=50, share=1)
def test_stopped_worker_ends_in_time_and_leaves_no_run_behind(
    fault: Fault, installation: Installation, tmp_path: Path
) -> None:
    """Exit code 0 within 15 s; what was not finished is queued again at once."""
    probe = Probe(installation, tmp_path, jobs=20, seconds=2.5, every=2)
    probe.install()
    installation.serve("--no-worker").ready()
    since = until(probe.since)
    assert since is not None
    slowest, left, codes = 0.0, 0, []
    for _ in range(fault.times):
        worker = installation.work().ready()
        assert until(partial(_busy, installation, worker, 20), 15)
        began = time.monotonic()
        fault.inject(worker.process.send_signal, signal.SIGTERM)
        until(partial(_ended, worker), 1 if fault.removed else 30)
        slowest = max(slowest, time.monotonic() - began)
        if not worker.alive:
            fault.landed()
            codes.append(worker.process.returncode)
            left += _held(installation, worker)
    # From here on in time: runs take longer than they are apart for one worker.
    for _ in range(3):
        installation.work()
    ended = probe.settle()
    installation.stop()

    fault.figure("bad exit codes", sum(map(bool, codes)), limit=0)
    fault.figure("seconds until the exit", slowest, limit=15)
    fault.figure("runs left with the stopped one", left, limit=0)
    fault.figure("acknowledged and lost", probe.lost(), limit=0)
    fault.figure("slots written twice", probe.duplicates(), limit=0)
    fault.figure("due slots without an outcome", probe.gaps(since, ended), limit=0)


@pytest.mark.fault(
    "F1b", "worker frozen past its lease, then woken", short=1, long=10, share=1
)
def test_woken_worker_writes_nothing_for_runs_that_others_have(
    fault: Fault, installation: Installation, tmp_path: Path
) -> None:
    """Its runs went to another process meanwhile: the fence refuses its late rows."""
    probe = Probe(installation, tmp_path, jobs=8, seconds=0.6)
    probe.install()
    installation.serve("--no-worker").ready()
    since = until(probe.since)
    assert since is not None
    for _ in range(fault.times):
        sleeper = installation.work().ready()
        assert until(partial(_busy, installation, sleeper, 4), 15)
        fault.inject(sleeper.process.send_signal, signal.SIGSTOP)
        other = installation.work().ready()
        until(partial(_free, installation, sleeper), 2 if fault.removed else 15)
        sleeper.process.send_signal(signal.SIGCONT)
        threading.Event().wait(2.0)
        refused = [x for x in sleeper.lines() if x.get("event") == "late_worker"]
        fault.landed(bool(refused))
        assert sleeper.alive
        for host in (sleeper, other):
            host.stop()
    installation.work()
    ended = probe.settle()
    installation.stop()

    fault.figure("slots written twice", probe.duplicates(), limit=0)
    fault.figure("acknowledged and lost", probe.lost(), limit=0)
    fault.figure("due slots without an outcome", probe.gaps(since, ended), limit=0)


@pytest.mark.fault(
    "F2b", "job disabled in one of three processes", short=2, long=30, share=1
)
def test_disabled_job_is_fired_by_no_process_from_that_moment(
    fault: Fault, installation: Installation, tmp_path: Path
) -> None:
    """After the answer to the disabling no process fires the job; others go on."""
    probe = Probe(installation, tmp_path, jobs=6, seconds=0.02)
    probe.install()
    first = installation.serve().ready()
    for _ in range(2):
        installation.serve()
    for host in installation.running:
        host.ready()
    until(probe.since)
    token = installation.command.token()
    late = 0
    for turn in range(fault.times):
        job, other = (f"write-{(turn + more) % probe.jobs}" for more in (0, 1))
        threading.Event().wait(fault.chance.uniform(1.5, 2.5))
        with installation.client(first, token) as client:
            fault.inject(_enable, client, job, {"enabled": False})
            before = _fired(installation, job)
            others = _fired(installation, other)
            fault.landed(bool(before) and not _enabled(client, job))
            threading.Event().wait(2.5)
            if not fault.removed:
                late += _fired(installation, job) - before
            fault.inject(_enable, client, job, {"enabled": True})
        assert _fired(installation, other) > others
    installation.stop()

    fault.figure("runs fired after the answer", late, limit=0)
    fault.figure("slots written twice", probe.duplicates(), limit=0)


def _enable(client: httpx.Client, job: str, wanted: dict[str, bool]) -> None:
    answer = client.patch(f"/api/v1/jobs/{Probe.ID}/{job}", json=wanted)
    assert answer.status_code == 200, answer.text


def _enabled(client: httpx.Client, job: str) -> bool:
    return bool(client.get(f"/api/v1/jobs/{Probe.ID}/{job}").json()["data"]["enabled"])


def _fired(installation: Installation, job: str) -> int:
    statement = "select count(*) from nxforge.run where plugin = %s and job = %s"
    return int(installation.query(statement, Probe.ID, job)[0][0])


@pytest.mark.fault(
    "F2c", "job code changed while runs are queued", short=1, long=10, share=1
)
def test_queued_runs_are_done_once_by_the_new_code(
    fault: Fault, installation: Installation, tmp_path: Path
) -> None:
    """What the old version queued, the new one does; of a job it lacks, it says so."""
    old = Probe(installation, tmp_path, jobs=5, seconds=0.1, version="1")
    new = Probe(installation, tmp_path, jobs=4, seconds=0.1, version="2")
    old.install()
    unanswered = 0
    for _ in range(fault.times):
        installation.command.path = [str(old.path)]
        scheduler = installation.serve("--no-worker").ready()
        threading.Event().wait(2.5)
        assert scheduler.stop() == 0
        fault.inject(installation.command.path.__setitem__, 0, str(new.path))
        worker = installation.work().ready()
        until(partial(_all_done, installation), 20, every=0.2)
        unanswered += _queued(installation)
        assert worker.stop() == 0
    installation.stop()
    by_new = installation.query(
        "select count(*) from nxp_fault_probe.written where version = '2'"
    )[0][0]
    gone = installation.query(
        "select count(*) from nxforge.run where job = 'write-4' and "
        "(finished_at is null and note is null)"
    )[0][0]

    fault.landed(fault.times if by_new else 0)
    fault.figure("runs of kept jobs not done", unanswered, limit=0)
    fault.figure("runs of a lost job without a word", gone, limit=0)
    fault.figure("slots written twice", old.duplicates(), limit=0)
    fault.figure("acknowledged and lost", old.lost(), limit=0)


def _queued(installation: Installation) -> int:
    """Runs not done of the jobs that both versions have."""
    statement = """
        select count(*) from nxforge.run
        where plugin = %s and finished_at is null and job <> 'write-4'
    """
    return int(installation.query(statement, Probe.ID)[0][0])


def _all_done(installation: Installation) -> bool:
    return not _queued(installation)
