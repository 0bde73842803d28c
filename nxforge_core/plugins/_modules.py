"""Modules that are imported, and how to have them read anew."""

from __future__ import annotations

import importlib
import linecache
import os
import sys
from pathlib import Path

__all__ = ["forget_modules"]


def forget_modules(folder: Path) -> None:
    """Take what was imported from a folder out of `sys.modules`.

    Whoever holds an object of them keeps it; the next import reads the files again.
    """
    importlib.invalidate_caches()
    linecache.checkcache()
    # As text: a process has thousands of modules, and this runs on its loop.
    roots = tuple(f"{root}{os.sep}" for root in (folder, folder.resolve()))
    for name, module in tuple(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file is not None and file.startswith(roots):
            del sys.modules[name]
