"""Folders of Chromium's runs: each is locked by the process it serves.

A lock ends with its process, however that ends: a folder whose lock is free belongs
to nobody, and neither do the processes that still use it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp

import psutil

__all__ = ["end_users", "hold_folder", "make_folder", "remove_folder", "sweep_profiles"]


def make_folder(root: Path) -> Path:
    """A new folder, for its owner only."""
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Path(mkdtemp(prefix="run-", dir=root))


def hold_folder(folder: Path) -> int:
    """Lock it; answers the descriptor that has to stay open.

    Raises:
        BlockingIOError: another process holds it.
    """
    descriptor = os.open(_pid_file(folder), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    os.truncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode(), 0)
    return descriptor


def remove_folder(folder: Path) -> None:
    """Remove it, though a dying process may still write into it."""
    for _ in range(5):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return


def sweep_profiles(root: Path) -> int:
    """End what a dead host left running, and remove its folders; answers how many."""
    swept = 0
    with suppress(FileNotFoundError, NotADirectoryError):
        for folder in sorted(root.iterdir()):
            if folder.is_dir() and not _is_held(folder):
                end_users(folder)
                remove_folder(folder)
                swept += 1
    return swept


def _is_held(folder: Path) -> bool:
    try:
        descriptor = hold_folder(folder)
    except OSError:
        return True
    os.close(descriptor)
    return False


def end_users(folder: Path) -> set[int]:
    """End all that a folder belongs to; answers their process groups."""
    groups = set(_groups(folder))
    for group in groups:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)
    return groups


def _groups(folder: Path) -> Iterator[int]:
    """Process groups of those whose command line names the folder."""
    own, name = os.getpgrp(), str(folder)
    for process in psutil.process_iter():
        with suppress(psutil.Error, ProcessLookupError):
            if any(name in word for word in process.cmdline()):
                group = os.getpgid(process.pid)
                if group != own:
                    yield group


def _pid_file(folder: Path) -> Path:
    return folder / "pid"
