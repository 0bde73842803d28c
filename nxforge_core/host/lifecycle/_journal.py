"""What this process does with a plugin right now, where the next one can read it.

A file for each host, locked by its process. The lock ends with the process, however
that ends: a free file that names a plugin tells what its process died of.
"""

from __future__ import annotations

import faulthandler
import fcntl
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import Final

import msgspec

from nxforge_core.api import PluginId
from nxforge_core.plugins import Candidate, Phase, Plugin
from nxforge_core.services import get_log

__all__ = ["Death", "Journal", "read_deaths"]

_STEP: Final = ".step"
_CRASH: Final = ".crash"


class Death(msgspec.Struct, frozen=True, kw_only=True):
    """What a process left that is no more.

    Attributes:
        plugin: Whose code it was about to run; empty where it served.
        version: Of the plugin.
        phase: What it was doing with it.
        hung: Where its code did not come to an end; empty where the process just died.
        trace: What the interpreter wrote when it crashed; empty where it did not.
    """

    plugin: PluginId
    version: str
    phase: Phase
    hung: str = ""
    trace: str = ""


class Journal:
    """Notes each step that runs a plugin's code, before it runs.

    Args:
        folder: For the files of all processes of this machine.
        seconds: After which a step hangs.
        restart: Ends a step that hangs by starting the process anew; None where the
            process is not the host's own.
    """

    def __init__(
        self, folder: Path, seconds: float, restart: Callable[[], None] | None
    ) -> None:
        self._seconds = seconds
        self._restart = restart
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file, self._step = _own_file(folder)
        self._crash = None
        if restart is not None:
            self._crash = self._file.with_suffix(_CRASH).open("wb")
            # Of the whole process: only where that is the host's own. What other
            # threads do at that moment is nobody's fault.
            faulthandler.enable(self._crash, all_threads=False)

    def close(self) -> None:
        """Nothing is left to be told."""
        for file in (self._file, self._file.with_suffix(_CRASH)):
            file.unlink(missing_ok=True)
        os.close(self._step)
        if self._crash is not None:
            faulthandler.disable()
            self._crash.close()

    @contextmanager
    def step(self, plugin: Candidate | Plugin, phase: Phase) -> Iterator[None]:
        """Run some code of a plugin."""
        death = Death(plugin=plugin.id, version=plugin.version, phase=phase)
        self._write(death)
        main = threading.get_ident()
        timer = threading.Timer(self._seconds, self._hang, (death, main))
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            self._write(None)

    def _hang(self, death: Death, thread: int) -> None:
        frame = sys._current_frames().get(thread)  # noqa: SLF001 - as for the watchdog
        place = f"{frame.f_code.co_filename}:{frame.f_lineno}" if frame else "its code"
        get_log(death.plugin).error("plugin hangs", phase=death.phase, place=place)
        if self._restart is not None:
            self._write(msgspec.structs.replace(death, hung=place))
            self._restart()

    def _write(self, death: Death | None) -> None:
        text = b"" if death is None else msgspec.json.encode(death)
        os.ftruncate(self._step, 0)
        os.pwrite(self._step, text, 0)
        os.fdatasync(self._step)


def read_deaths(folder: Path) -> list[Death]:
    """What dead processes left; their files are removed."""
    deaths: list[Death] = []
    for file in sorted(folder.glob(f"*{_STEP}")):
        try:
            descriptor = _locked(file)
        except OSError:
            continue  # its process lives
        crash = file.with_suffix(_CRASH)
        try:
            deaths += _left(file, crash)
        finally:
            file.unlink(missing_ok=True)
            crash.unlink(missing_ok=True)
            os.close(descriptor)
    return deaths


def _left(file: Path, crash: Path) -> list[Death]:
    step = file.read_bytes()
    trace = ""
    with suppress(FileNotFoundError):
        trace = crash.read_text("utf-8", "replace")
    if step:
        with suppress(msgspec.DecodeError):  # cut off by a loss of power
            death = msgspec.json.decode(step, type=Death)
            return [msgspec.structs.replace(death, trace=trace)]
    if trace:
        return [Death(plugin=PluginId(""), version="", phase="serve", trace=trace)]
    return []


def _own_file(folder: Path) -> tuple[Path, int]:
    while True:
        # Two hosts of one process have one each.
        file = folder / f"{os.getpid()}-{token_hex(4)}{_STEP}"
        with suppress(BlockingIOError):
            descriptor = _locked(file)
            if file.exists():
                return file, descriptor
            os.close(descriptor)
        # Somebody took it for a dead one's between its making and its lock.


def _locked(file: Path) -> int:
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor
