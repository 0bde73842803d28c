"""F26: PgBouncer between host and database."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from hosts import Installation, until
from matrix import Fault
from postmaster import Postmaster
from strain import Ticker, answer

IS_ROOT = os.geteuid() == 0
_SETTINGS = """
[databases]
* = host=127.0.0.1 port={server}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {folder}/users
auth_user = nxforge
auth_query = SELECT usename, passwd FROM pg_shadow WHERE usename = $1
pool_mode = {mode}
default_pool_size = 40
"""


class Pooler:
    """A PgBouncer on a free port before a server."""

    def __init__(self, folder: Path, postmaster: Postmaster) -> None:
        self.folder = folder
        self._postmaster = postmaster
        self._process: subprocess.Popen[bytes] | None = None
        with socket.create_server(("127.0.0.1", 0)) as taken:
            self.port = int(taken.getsockname()[1])

    def start(self, mode: str) -> None:
        """Start it, wait until it lets a client in."""
        self.stop()
        _, _, login = self._postmaster.url().partition("//")
        user, _, password = login.partition("@")[0].partition(":")
        (self.folder / "users").write_text(f'"{user}" "{password}"\n')
        settings = self.folder / "pgbouncer.ini"
        settings.write_text(
            _SETTINGS.format(
                server=self._postmaster.port, port=self.port, folder=self.folder,
                mode=mode,
            )
        )  # fmt: skip
        for file in self.folder.iterdir():
            if IS_ROOT:  # as which PgBouncer refuses to run
                shutil.chown(file, "nobody")
        program = shutil.which("pgbouncer") or shutil.which(
            "pgbouncer", path="/usr/sbin"
        )
        assert program, "apt-get install pgbouncer"
        identity = ["--reuid=nobody", "--regid=nogroup", "--clear-groups"]
        command = ["setpriv", *identity] if IS_ROOT else []
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*command, program, str(settings)], stderr=log
            )
        assert until(self._answers, 10), (self.folder / "log").read_text()

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)

    def _answers(self) -> bool:
        try:
            with psycopg.connect(self._postmaster.url(port=self.port)):
                return True
        except psycopg.OperationalError:
            return False


@pytest.fixture
def postmaster() -> Iterator[Postmaster]:
    """A server of its own."""
    made = Postmaster()
    made.start()
    yield made
    made.remove()


@pytest.fixture
def pooler(postmaster: Postmaster) -> Iterator[Pooler]:
    """PgBouncer before it, in a folder that it may read without being root."""
    folder = postmaster.folder / "pooler"
    folder.mkdir()
    made = Pooler(folder, postmaster)
    yield made
    made.stop()


@pytest.mark.fault("F26", "PgBouncer in transaction mode", short=2, long=2, share=1)
def test_pooler_without_sessions_is_refused_with_reason_and_remedy(
    fault: Fault, tmp_path: Path, postmaster: Postmaster, pooler: Pooler
) -> None:
    """The start ends at once, names the pooler's mode, and leaves no table."""
    installation = Installation(tmp_path / "hosts", postmaster, port=pooler.port)
    started, unexplained = 0, 0
    for mode in ("transaction", "statement")[: fault.times]:
        fault.inject(pooler.start, mode)
        if fault.removed:
            continue
        found = installation.command.run("serve", "--port", "0", seconds=30)
        error, hint = found.stderr.splitlines()[:2]
        fault.landed("transaction or statement mode" in error)
        started += found.returncode != 1
        unexplained += "pool_mode = session" not in hint
    left = installation.query(
        "select 1 from information_schema.schemata where schema_name = 'nxforge'"
    )
    fault.figure("starts that were not refused", started, limit=0)
    fault.figure("refusals without a remedy", unexplained, limit=0)
    fault.figure("schemas left", len(left), limit=0)
    fault.figure("seconds to a tick in session mode", _works(installation, pooler), 20)


def _works(installation: Installation, pooler: Pooler) -> float:
    """Seconds until a host on a pooler in session mode is ready and has ticked."""
    ticker = Ticker(installation.command.data.parent)
    installation.command.path = [str(ticker.site.folder)]
    installation.configure("ticker", port=pooler.port)
    pooler.start("session")
    began = time.monotonic()
    host = installation.serve().ready()
    with installation.client(host, installation.command.token()) as client:
        assert until(lambda: answer(client, "/health/ready") == 200, 20)
        assert until(lambda: len(ticker.acknowledged()) > 1, 20), host.log.read_text()
        assert answer(client, "/api/v1/m/ticker/count") == 200
    took = time.monotonic() - began
    assert installation.stop() == [0]
    return took
