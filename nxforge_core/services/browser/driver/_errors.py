"""What can go wrong in Chromium."""

from __future__ import annotations

from nxforge_core.services.browser._messages import Reason

__all__ = ["ChromiumError", "PageCrashedError", "PageTooLargeError", "VisitError"]


class ChromiumError(Exception):
    """Chromium does not do what it is told, or is not there any more."""


class VisitError(Exception):
    """The page did not come to what was asked."""

    def __init__(self, what: str, reason: Reason = "browser") -> None:
        super().__init__(what)
        self.reason = reason


class PageCrashedError(VisitError):
    """Its process ended: too much memory, or a fault of Chromium."""

    def __init__(self) -> None:
        super().__init__("the page crashed")


class PageTooLargeError(VisitError):
    """The page's text is larger than the caller wants."""

    def __init__(self) -> None:
        super().__init__("the page is too large", "too_large")
