"""Which files of folders changed since the last look."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

__all__ = ["FileWatch"]

_Seen = Mapping[Path, tuple[int, int]]

#: What editors and Python leave beside files.
_LEFT: Final = ("~", ".pyc", ".swp", ".tmp")


class FileWatch:
    """Compares times and sizes, which works on every file system."""

    def __init__(self) -> None:
        self._seen: dict[Path, _Seen] = {}

    def changed(self, folder: Path) -> list[Path]:
        """Files that are new, others, or gone, relative to the folder.

        The first look at a folder finds nothing.
        """
        now = dict(_files(folder))
        before = self._seen.get(folder, now)
        self._seen[folder] = now
        paths = {*now, *before}
        return sorted(path for path in paths if now.get(path) != before.get(path))


def _files(folder: Path) -> Iterator[tuple[Path, tuple[int, int]]]:
    for root, folders, names in os.walk(folder):
        folders[:] = [n for n in folders if not n.startswith((".", "__pycache__"))]
        for name in names:
            if name.startswith(".") or name.endswith(_LEFT):
                continue
            path = Path(root, name)
            try:
                found = path.stat()
            except OSError:  # it was there a moment ago
                continue
            yield path.relative_to(folder), (found.st_mtime_ns, found.st_size)
