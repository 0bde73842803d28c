"""Real processes: the installed `nxforge` command, and a device server."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

__all__ = ["NXFORGE", "ROOT", "Command", "Pages", "Server", "Worker"]

ROOT = Path(__file__).parents[2]
NXFORGE = str(Path(sys.executable).parent / "nxforge")
LISTENS = re.compile(r"NxForge listens on (http://\S+)")
START_SECONDS = 30


class Command:
    """Runs `nxforge` with a data directory of its own and a clean environment."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.config = folder / "nxforge.toml"
        self.path: list[str] = []

    def environment(self) -> dict[str, str]:
        """Nothing of the machine's own settings."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("NXFORGE_")}
        kept["NXFORGE_DATA_DIR"] = str(self.data)
        if self.config.exists():
            kept["NXFORGE_CONFIG"] = str(self.config)
        if self.path:
            given = [kept["PYTHONPATH"]] if "PYTHONPATH" in kept else []
            kept["PYTHONPATH"] = os.pathsep.join([*self.path, *given])
        return kept

    def run(
        self, *arguments: str, seconds: float = 60
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            [NXFORGE, *arguments],
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )

    def token(self, role: str = "admin") -> str:
        """A new API token."""
        made = self.run("tokens", "create", f"{role} token", "--role", role)
        assert made.returncode == 0, made.stderr
        return made.stdout.strip()


class Server:
    """A running `nxforge serve`."""

    def __init__(self, command: Command, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [NXFORGE, "serve", "--port", "0", *arguments],
            env=command.environment(),
            stderr=subprocess.PIPE,
            text=True,
        )
        self.log: list[str] = []
        self._found = threading.Event()
        self.base = ""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        if not self._found.wait(START_SECONDS) or not self.base:
            self.process.kill()
            pytest.fail("nxforge serve did not start:\n" + "".join(self.log))

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.log.append(line)
            if found := LISTENS.search(line):
                self.base = found.group(1)
                self._found.set()
        self._found.set()

    def client(self, token: str | None = None) -> httpx.Client:
        """An HTTP client of this server."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(
            base_url=self.base, headers=headers, trust_env=False, timeout=15
        )

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and answer the exit code."""
        self.process.send_signal(number)
        code = self.process.wait(20)
        self._reader.join(5)
        assert self.process.stderr is not None
        self.process.stderr.close()
        return code


class Worker:
    """A running `nxforge worker`."""

    def __init__(self, command: Command) -> None:
        self.process = subprocess.Popen(
            [NXFORGE, "worker"], env=command.environment(), stderr=subprocess.PIPE
        )

    def until_done(self, state: Callable[[], str]) -> str:
        """Ask for a run's state until it has ended, half a minute at the most."""
        end = time.monotonic() + START_SECONDS
        while (found := state()) in ("queued", "running") and time.monotonic() < end:
            threading.Event().wait(0.1)
        return found

    def stop(self) -> int:
        """End it and answer its exit code."""
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=20)
        return self.process.returncode


class Pages(ThreadingHTTPServer):
    """A device server on loopback: path to (status, content type, body)."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages: dict[str, tuple[int, str, bytes]] = {}
        self.seen: list[str] = []

    @property
    def address(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Pages

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self._answer()

    def _answer(self) -> None:
        self.server.seen.append(self.path)
        status, kind, body = self.server.pages[self.path]
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""
