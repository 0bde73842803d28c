"""Modules that are imported, and how to have them read anew."""

from __future__ import annotations

import importlib
import linecache
import sys
from pathlib import Path

__all__ = ["forget_modules"]


def forget_modules(folder: Path) -> None:
    """Take what was imported from a folder out of `sys.modules`.

    Whoever holds an object of them keeps it; the next import reads the files again.
    """
    importlib.invalidate_caches()
    linecache.checkcache()
    roots = folder, folder.resolve()
    for name, module in tuple(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file is not None and any(Path(file).is_relative_to(root) for root in roots):
            del sys.modules[name]
