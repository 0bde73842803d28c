"""Values that are more than text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from ._part import Level

__all__ = ["Image", "Link", "Noted", "State"]

_NONE: Final[Mapping[str, str]] = {}


class State(msgspec.Struct, frozen=True):
    """A word with a level, shown as a pill: `State("unreachable", "bad")`.

    Attributes:
        note: Beside it, as long as need be: why it is so.
    """

    text: str
    level: Level = "unknown"
    note: str = ""


class Link(msgspec.Struct, frozen=True):
    """A way to somewhere.

    Attributes:
        to: A page of the same plugin (`endpoint`), of another one
            (`consumption-monitor/endpoint`), a path of the host (`/api/v1/...`) or an
            address elsewhere (`https://...`).
        params: Added to the address.
    """

    text: str
    to: str
    params: Mapping[str, str] = _NONE


class Image(msgspec.Struct, frozen=True):
    """A picture that the host serves: `Image("/api/v1/m/...", "the page it saw")`.

    Attributes:
        path: Of the host; the reader's browser asks for it with the reader's login.
        text: What it shows, for who does not see it.
    """

    path: str
    text: str


class Noted(msgspec.Struct, frozen=True):
    """A value of any kind with a few words below it: what it is for, what is wrong."""

    value: object
    note: str
