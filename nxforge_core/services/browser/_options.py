"""How the browser is run."""

from __future__ import annotations

from pathlib import Path

import msgspec

__all__ = ["BrowserOptions"]


class BrowserOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What the host is told of the browser.

    Attributes:
        folder: Holds a folder for each run of Chromium.
        executable: None looks on the PATH.
        pages: Pages open at the same time.
        idle: Seconds without a visit after which Chromium is stopped.
    """

    folder: Path
    executable: Path | None = None
    no_sandbox: bool = False
    pages: int = 4
    idle: float = 120.0
