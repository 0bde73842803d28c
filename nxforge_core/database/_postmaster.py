"""The server's main process: started, watched, ended."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import Final

from ._confinement import Confinement
from ._layout import Layout

__all__ = ["Postmaster", "clear_remains"]

_SETTINGS: Final = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "32MB",
    "fsync": "on",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "log_statement": "none",
    # Frees what a killed process held while one of its statements still runs.
    "client_connection_check_interval": "1s",
}
#: Not on macOS.
_PROC: Final = Path("/proc/self/cmdline")
#: Seconds for a fast shutdown, then for an immediate one.
_FAST, _IMMEDIATE = 20.0, 5.0


class Postmaster:
    """One run of `postgres`, child of the present thread."""

    def __init__(self, layout: Layout, confinement: Confinement) -> None:
        self._layout = layout
        self._confinement = confinement
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int | None:
        """Of the server itself, as it wrote it down."""
        return _written_pid(self._layout.cluster)

    @property
    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._process.returncode if self._process else None

    async def spawn(self, binaries: Path, socket_folder: Path) -> None:
        """Start the process; it answers a moment later."""
        settings = [f"{name}={value}" for name, value in _SETTINGS.items()]
        settings.append(f"unix_socket_directories={socket_folder}")
        options = [word for setting in settings for word in ("-c", setting)]
        command = self._confinement.server(
            binaries / "postgres", "-D", self._layout.cluster, *options
        )
        self._layout.rotate_log()
        # Group of its own: Ctrl-C is for the owner, who ends the server last.
        with self._layout.open_log() as log:
            self._process = await asyncio.create_subprocess_exec(
                *command,
                cwd="/",
                stdin=asyncio.subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    async def wait(self) -> None:
        """Return when the process has ended."""
        if self._process:
            await self._process.wait()

    async def stop(self) -> None:
        """End it: sessions are cut and data is written, else at once, else killed."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        for number, seconds in ((signal.SIGINT, _FAST), (signal.SIGQUIT, _IMMEDIATE)):
            self._signal(process, number)
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await process.wait()
                    return
        self._signal(process, signal.SIGKILL)
        await process.wait()

    def _signal(self, process: asyncio.subprocess.Process, number: int) -> None:
        # Behind the pipe our child is a shell; the server's own number is needed.
        pid = process.pid if self._confinement.parent_death_signal else self.pid
        with suppress(ProcessLookupError):
            os.kill(pid or process.pid, number)


async def clear_remains(layout: Layout) -> None:
    """End a server whose owner is gone, and remove what a dead one left.

    Called with the owner's lock held: whatever runs on this cluster is nobody's. What
    is damaged in `postmaster.pid` is removed; that two servers never share a cluster
    is ensured by PostgreSQL itself, through the cluster's shared memory.
    """
    pid_file = layout.cluster / "postmaster.pid"
    deadline = asyncio.get_running_loop().time() + _FAST
    number = signal.SIGINT
    while (pid := _written_pid(layout.cluster)) and await _is_ours(pid, layout.cluster):
        if asyncio.get_running_loop().time() > deadline:
            number = signal.SIGQUIT if number == signal.SIGINT else signal.SIGKILL
            deadline += _IMMEDIATE
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        await asyncio.sleep(0.05)
    pid_file.unlink(missing_ok=True)


def _words_of(pid: int) -> list[bytes]:
    with suppress(OSError):
        return (_PROC.parent.parent / str(pid) / "cmdline").read_bytes().split(b"\0")
    return []


def _written_pid(cluster: Path) -> int | None:
    with suppress(OSError, ValueError, IndexError):
        pid = int((cluster / "postmaster.pid").read_text().splitlines()[0])
        return pid if pid > 1 else None
    return None


async def _is_ours(pid: int, cluster: Path) -> bool:
    """Tell whether the number still belongs to a server on this cluster."""
    wanted = os.fsencode(cluster)
    if _PROC.exists():
        return wanted in _words_of(pid)
    process = await asyncio.create_subprocess_exec(
        "ps",
        "-o",
        "command=",
        "-p",
        str(pid),
        stdout=asyncio.subprocess.PIPE,
    )
    words, _ = await process.communicate()
    return wanted in words
