"""What can happen to the browser, as one family.

::

    BrowserMissingError          of the API: there is no browser here
      LibraryMissingError
      ChromiumMissingError
      NoProgramError
      RootSandboxError
      ChromiumStartError
    BrowserClosedError           the host is stopping
    BrowserGoneError             inside this package: the process ended
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nxforge_core.api.errors import BrowserMissingError, UnavailableError

__all__ = [
    "BrowserClosedError",
    "BrowserGoneError",
    "ChromiumMissingError",
    "ChromiumStartError",
    "LibraryMissingError",
    "NoProgramError",
    "RootSandboxError",
]


class LibraryMissingError(BrowserMissingError):
    """The extra is not installed."""

    def __init__(self, library: str) -> None:
        super().__init__(
            f"the Python package {library!r} is not installed",
            remedy="pip install 'nxforge-core[browser]'",
        )


class ChromiumMissingError(BrowserMissingError):
    """No Chromium is found."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(
            f"none of {', '.join(names)} is on the PATH",
            remedy="install the system's package 'chromium' (Debian, Ubuntu: apt-get "
            "install chromium), or name one with the setting 'browser.executable'",
        )


class NoProgramError(BrowserMissingError):
    """The setting names something else."""

    def __init__(self, executable: Path) -> None:
        super().__init__(
            f"{str(executable)!r} of the setting 'browser.executable' is no program",
            remedy="name Chromium's executable, or leave the setting out",
        )


class RootSandboxError(BrowserMissingError):
    """Chromium's sandbox does not work for root, and nobody has done without it."""

    def __init__(self) -> None:
        super().__init__(
            "the host runs as root, for whom Chromium has no sandbox",
            remedy="run the host as another user, or do without the sandbox with the "
            "setting 'browser.no_sandbox' (NXFORGE_BROWSER_NO_SANDBOX=true)",
        )


class ChromiumStartError(BrowserMissingError):
    """It is there, and does not start."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"Chromium does not start ({what})",
            remedy="start it by hand as the host's user to see more",
        )


class BrowserClosedError(UnavailableError):
    """The host is stopping: its browser is closed."""

    def __init__(self) -> None:
        super().__init__(
            "the host's browser is closed",
            remedy="visit pages while the host is running",
        )


class BrowserGoneError(Exception):
    """The process ended, or never began: what was under way is lost.

    Attributes:
        fatal: A further attempt would end the same.
    """

    def __init__(self, what: str, *, fatal: bool = False) -> None:
        super().__init__(what)
        self.what = what
        self.fatal = fatal
