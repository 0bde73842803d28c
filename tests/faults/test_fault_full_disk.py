"""F21, F22: no room left under the database, no room left for the log."""

from __future__ import annotations

import errno
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from hosts import Installation, until
from matrix import Fault
from postmaster import Postmaster
from strain import Ticker

DISK_FULL = "No space left on device"


@contextmanager
def small_disk(size: str) -> Iterator[Path]:
    """A file system of its own; skips where this machine lets nobody mount one."""
    folder = Path(tempfile.mkdtemp(prefix="nxforge-disk-"))
    folder.chmod(0o755)  # PostgreSQL does not run as root
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)],  # noqa: S607 - of the system
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        pytest.skip(f"a disk that can be full needs mount: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)  # noqa: S607 - as above
        folder.rmdir()


def fill(file: Path) -> int:
    """Write until nothing more fits; answers how many bytes did."""
    with suppress(OSError), file.open("ab", buffering=0) as ballast:
        while True:
            ballast.write(bytes(1 << 16))
    with suppress(OSError), file.open("ab", buffering=0) as ballast:
        while True:
            ballast.write(bytes(512))
    return file.stat().st_size


def is_full(folder: Path) -> bool:
    """Whether the disk takes not one page more."""
    probe = folder / "probe"
    try:
        probe.write_bytes(bytes(8192))
    except OSError as error:
        return error.errno == errno.ENOSPC
    finally:
        probe.unlink(missing_ok=True)
    return False


@pytest.fixture
def ticker(tmp_path: Path) -> Ticker:
    """A plugin that stores 200 kB each second."""
    return Ticker(tmp_path, bulk=5500)


@contextmanager
def installed(
    folder: Path, postmaster: Postmaster, ticker: Ticker
) -> Iterator[Installation]:
    """Hosts on the server, with the ticker enabled."""
    made = Installation(folder, postmaster)
    made.command.path = [str(ticker.site.folder)]
    made.configure("ticker")
    try:
        yield made
    finally:
        made.stop()


@pytest.mark.fault("F21", "disk full under PostgreSQL, then freed", short=1, long=5)
def test_full_disk_under_the_database_loses_nothing_and_needs_no_restart(
    fault: Fault, tmp_path: Path, ticker: Ticker
) -> None:
    """The reason is told, what was acknowledged is there, room alone is the cure."""
    waited = 0.0
    untold = 0
    with small_disk("120m") as disk:
        postmaster = Postmaster(disk, max_wal_size="32MB", wal_keep_size="0")
        postmaster.start()
        try:
            with installed(tmp_path / "hosts", postmaster, ticker) as installation:
                host = installation.serve().ready()
                assert until(ticker.acknowledged, 15)
                for _ in range(fault.times):
                    seen, heard = _said(installation), _heard(postmaster)
                    fault.inject(_burden, installation, disk)
                    told = until(
                        lambda seen=seen: _still_full(fault, disk, installation, seen),
                        8,
                    )
                    fault.landed(is_full(disk) and _heard(postmaster) > heard)
                    untold += not (fault.removed or told)
                    before = len(ticker.acknowledged())
                    (disk / "ballast").unlink(missing_ok=True)
                    began = time.monotonic()
                    assert until(
                        lambda before=before: len(ticker.acknowledged()) > before, 90
                    ), host.log.read_text()[-3000:]
                    waited = max(waited, time.monotonic() - began)
                assert host.alive
                fault.figure("outages whose reason nobody was told", untold, limit=0)
                fault.figure("seconds until ticks resume", waited, limit=15)
                fault.figure("acknowledged ticks lost", ticker.lost(installation), 0)
                fault.figure("slots stored twice", ticker.doubles(installation), 0)
        finally:
            postmaster.remove()


def _burden(installation: Installation, disk: Path) -> None:
    """Fill the disk and have the server need new files."""
    fill(disk / "ballast")
    until(lambda: _refuses(installation), 20, 0.1)


def _refuses(installation: Installation) -> bool:
    import psycopg  # noqa: PLC0415

    try:
        installation.query("create table if not exists burden (x text)")
        installation.query(
            "insert into burden select repeat(md5(i::text), 20) "
            "from generate_series(1, 5000) as i"
        )
    except psycopg.Error:
        return True
    return False


def _still_full(
    fault: Fault, disk: Path, installation: Installation, seen: int
) -> bool:
    """Whether the reason is told; takes the room that a checkpoint gave back."""
    fault.inject(fill, disk / "ballast")
    return _said(installation) > seen


def _heard(postmaster: Postmaster) -> int:
    """How often the server itself said why."""
    return (postmaster.folder / "log").read_text("utf-8").count(DISK_FULL)


def _said(installation: Installation) -> int:
    """How often a run told the reason, or a log where no run could be written."""
    statement = "select count(*) from nxforge.run where error::text like %s"
    runs = int(installation.query(statement, f"%{DISK_FULL}%")[0][0])
    logs = (host.log.read_text("utf-8") for host in installation.all)
    return runs + sum(log.count(DISK_FULL) for log in logs)


@pytest.mark.fault("F22", "disk full for the log only", short=1, long=1, share=1)
def test_full_disk_for_the_log_stops_no_collection(
    fault: Fault, tmp_path: Path, ticker: Ticker
) -> None:
    """Every slot is worked off while not one line of the log can be written."""
    seconds = 6
    postmaster = Postmaster()
    postmaster.start()
    try:
        with (
            small_disk("1m") as disk,
            installed(tmp_path / "hosts", postmaster, ticker) as installation,
        ):
            installation._folder = disk
            host = installation.serve().ready()
            assert until(ticker.acknowledged, 15)
            fault.inject(fill, disk / "ballast")
            with installation.client(host, installation.command.token()) as client:
                # What is left of the log's last page takes a few lines yet.
                until(lambda: client.get("/health/live") and False, 1.5)
                before, size = len(ticker.acknowledged()), host.log.stat().st_size
                end = time.monotonic() + seconds
                refused = 0
                while time.monotonic() < end:
                    refused += client.get("/api/v1/plugins").status_code != 200
                    threading.Event().wait(0.25)
            ticks = len(ticker.acknowledged()) - before
            fault.landed(host.log.stat().st_size == size and is_full(disk))
            fault.figure("ticks missing", max(0, seconds - 1 - ticks), limit=0)
            fault.figure("requests refused", refused, limit=0)
            fault.figure("acknowledged ticks lost", ticker.lost(installation), limit=0)
            fault.figure("exit code", host.stop(), limit=0)
    finally:
        postmaster.remove()
