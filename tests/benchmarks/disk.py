"""A folder on a disk, and how long that disk takes to keep something.

What is durable waits for the disk: in memory 500 commits cost nothing, and a figure of
them says nothing. BENCHMARK_FOLDER names another place than /var/tmp.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Final

import psutil

__all__ = ["commit_ms", "disk_folder"]

_IN_MEMORY: Final = frozenset({"tmpfs", "ramfs"})
_BLOCK: Final = bytes(8192)
_TIMES: Final = 100


@contextmanager
def disk_folder() -> Iterator[Path]:
    """A fresh folder that outlasts a crash of the machine, gone afterwards.

    Raises:
        RuntimeError: it lies in memory.
    """
    place = os.environ.get("BENCHMARK_FOLDER", "/var/tmp")  # noqa: S108  # fresh below
    with tempfile.TemporaryDirectory(prefix="nxforge-bench-", dir=place) as folder:
        if _file_system(Path(folder)) in _IN_MEMORY:
            raise RuntimeError(place)
        yield Path(folder)


def _file_system(folder: Path) -> str:
    parts = [
        part
        for part in psutil.disk_partitions(all=True)
        if folder.is_relative_to(part.mountpoint)
    ]
    return max(parts, key=lambda part: len(part.mountpoint)).fstype


def commit_ms(folder: Path) -> float:
    """What PostgreSQL waits for at a commit: 8 kB are on the disk."""
    took = []
    with (folder / "commit").open("wb", buffering=0) as file:
        for _ in range(_TIMES):
            file.seek(0)
            file.write(_BLOCK)
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            took.append(1000 * (time.perf_counter() - began))
    return round(median(took), 3)
