"""What a visit's failure is called."""

from __future__ import annotations

from nxforge_core.api import BrowserRequest
from nxforge_core.api.errors import (
    BrowserError,
    OutboundError,
    OutboundTooLargeError,
)
from nxforge_core.services._address import AddressRefusedError

from ._gate import MOST, Way
from ._messages import Failed, Printed

__all__ = ["visit_error"]


def visit_error(
    shown: str, request: BrowserRequest, way: Way, said: Failed | Printed
) -> OutboundError:
    """The error a plugin sees. What the gate saw says more than Chromium does."""
    if isinstance(said, Printed):
        return BrowserError(shown, "it was printed")
    if way.left < 0:
        return OutboundTooLargeError(shown, MOST, "page with all its parts")
    if said.reason == "too_large":
        return OutboundTooLargeError(shown, request.max_bytes, "page")
    if said.reason == "connect" and isinstance(way.failure, AddressRefusedError):
        return way.failure.outbound(shown)
    return BrowserError(
        shown,
        _words(way, said),
        reason=said.reason,
        step=said.step,
        screenshot=said.screenshot,
        html=said.html,
    )


def _words(way: Way, said: Failed) -> str:
    if said.reason != "connect":
        return said.what
    # First: a failure may be that of another visit's page, which gives up late.
    if way.refused:
        return f"it leads to {way.refused[-1]}, and a page reaches its own host only"
    if way.failure is not None:
        return f"no connection ({way.failure.strerror or way.failure})"
    return said.what
