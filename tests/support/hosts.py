"""Several real processes of one installation on one database, and what they said."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
from postmaster import Postmaster
from processes import NXFORGE, Command

__all__ = ["Host", "Installation", "until"]

_LISTENS = re.compile(r"NxForge listens on (http://\S+)")
_WORKS = "NxForge worker runs"
_START_SECONDS = 30


def until(met: Callable[[], Any], seconds: float = 30, every: float = 0.05) -> Any:
    """Ask again and again; answers the first true answer, or the last one."""
    end = time.monotonic() + seconds
    while not (found := met()) and time.monotonic() < end:
        threading.Event().wait(every)
    return found


class Host:
    """A process `nxforge serve` or `nxforge worker`, and its log in a file."""

    def __init__(self, command: Command, log: Path, *arguments: str) -> None:
        self.arguments = arguments
        self.log = log
        self._base = ""
        with log.open("ab") as file:
            self.process = subprocess.Popen(
                [NXFORGE, *arguments], env=command.environment(), stderr=file
            )

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.process.pid

    @property
    def base(self) -> str:
        """Where a server listens; empty until it does."""
        if not self._base and (found := _LISTENS.search(self.log.read_text("utf-8"))):
            self._base = found.group(1)
        return self._base

    @property
    def started(self) -> bool:
        """Whether it said that it runs."""
        return bool(self.base) or _WORKS in self.log.read_text("utf-8")

    @property
    def alive(self) -> bool:
        """Whether the process exists and has not ended."""
        return self.process.poll() is None

    def ready(self, seconds: float = _START_SECONDS) -> Host:
        """Wait until it runs."""
        until(lambda: self.started or not self.alive, seconds)
        assert self.alive, self.log.read_text("utf-8")[-3000:]
        assert self.started, f"{self.arguments} did not start in {seconds} s"
        return self

    def kill(self) -> None:
        """End it without a warning."""
        self.process.kill()
        self.process.wait(10)

    def stop(self, seconds: float = 30) -> int:
        """Ask it to end; answers its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)

    def lines(self) -> Iterator[dict[str, Any]]:
        """What it logged as JSON; a line that a kill cut off is left out."""
        for line in self.log.read_text("utf-8", "replace").splitlines():
            if line.startswith("{"):
                try:
                    yield json.loads(line)
                except json.JSONDecodeError:
                    continue


class Installation:
    """Processes on one database: started, ended, and their logs kept.

    Attributes:
        running: The processes that the test did not end.
        all: Every process there ever was.
    """

    def __init__(
        self, folder: Path, postmaster: Postmaster, *, port: int | None = None
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.command = Command(folder)
        self.postmaster = postmaster
        self.database = postmaster.create()
        self.running: list[Host] = []
        self.all: list[Host] = []
        self._folder = folder
        self.configure(port=port)

    def configure(
        self,
        *plugins: str,
        port: int | None = None,
        stalled: float = 2.0,
        more: str = "",
    ) -> None:
        """Write the settings file: impatient, with a log that can be read back."""
        url = self.postmaster.url(self.database, port)
        self.command.config.write_text(
            f'[database]\nurl = "{url}"\n'
            f"[plugins]\nenable = {json.dumps(plugins)}\n"
            '[network]\nallow = ["127.0.0.1"]\n'
            '[log]\nformat = "json"\n'
            f"[jobs]\ngrace = 1.0\nstalled = {stalled}\n{more}"
        )

    def serve(self, *arguments: str) -> Host:
        """Start a host with web, schedule and worker."""
        return self._start("serve", "--port", "0", *arguments)

    def work(self, *arguments: str) -> Host:
        """Start a worker."""
        return self._start("worker", *arguments)

    def again(self, host: Host) -> Host:
        """Start what ended once more."""
        self.running.remove(host)
        return self._start(*host.arguments)

    def client(self, host: Host, token: str) -> httpx.Client:
        """An HTTP client of a host."""
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.Client(
            base_url=host.base, headers=headers, trust_env=False, timeout=15
        )

    def query(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the database itself."""
        return self.postmaster.query(statement, *values, database=self.database)

    def lines(self) -> Iterator[dict[str, Any]]:
        """What all processes logged."""
        for host in self.all:
            yield from host.lines()

    def stop(self) -> list[int]:
        """End what runs, all at once; answers the exit codes."""
        for host in self.running:
            if host.alive:
                host.process.send_signal(signal.SIGCONT)
                host.process.send_signal(signal.SIGTERM)
        codes = [_code(host) for host in self.running]
        self.running.clear()
        return codes

    def _start(self, *arguments: str) -> Host:
        log = self._folder / f"{len(self.all)}.log"
        host = Host(self.command, log, *arguments)
        self.all.append(host)
        self.running.append(host)
        return host


def _code(host: Host) -> int:
    try:
        return host.process.wait(25)
    except subprocess.TimeoutExpired:
        host.kill()
        return host.process.returncode
