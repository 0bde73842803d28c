"""What a browser needs: Chromium, the extra, a user it can be confined for."""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from ._errors import (
    ChromiumMissingError,
    LibraryMissingError,
    NoProgramError,
    RootSandboxError,
)
from ._options import BrowserOptions

__all__ = ["find_browser"]

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
_LIBRARY: Final = "pyppeteer"


def find_browser(options: BrowserOptions) -> Path:
    """The executable to start.

    Raises:
        BrowserMissingError: it says what is missing and what to install.
    """
    if find_spec(_LIBRARY) is None:
        raise LibraryMissingError(_LIBRARY)
    found = _executable(options.executable)
    if os.geteuid() == 0 and not options.no_sandbox:
        raise RootSandboxError
    return found


def _executable(wanted: Path | None) -> Path:
    if wanted is not None:
        if not os.access(wanted, os.X_OK) or wanted.is_dir():
            raise NoProgramError(wanted)
        return wanted
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        raise ChromiumMissingError(_NAMES)
    return Path(found)
