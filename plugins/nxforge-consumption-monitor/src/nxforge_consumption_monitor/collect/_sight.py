"""What a browser saw when a page failed in it."""

from __future__ import annotations

from typing import Final

import msgspec

from nxforge_consumption_monitor.fetch import storable
from nxforge_core.api import BrowserError, NxForgeError

__all__ = ["Sight", "sight_of"]

_MAX_HTML: Final = 65_536
_MAX_PICTURE: Final = 200_000


class Sight(msgspec.Struct, frozen=True, kw_only=True):
    """One look at a page that failed, without secrets.

    Attributes:
        step: Number of the step that failed, from 1 on; 0 before the first.
        screenshot: PNG.
    """

    step: int
    html: str
    screenshot: bytes | None


def sight_of(error: NxForgeError) -> Sight | None:
    """What the error carries, bounded; None where it was no browser's."""
    if not isinstance(error, BrowserError):
        return None
    picture = error.screenshot
    if picture is not None and len(picture) > _MAX_PICTURE:
        picture = None
    return Sight(
        step=error.step, html=storable(error.html)[:_MAX_HTML], screenshot=picture
    )
