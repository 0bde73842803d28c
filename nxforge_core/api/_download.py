"""An answer that is a file, sent in parts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import ClassVar

__all__ = ["Download"]


@dataclass(frozen=True, slots=True)
class Download:
    """A file that is never held as a whole: what a handler may answer.

    Attributes:
        parts: The bytes as they come, as `ctx.storage.stream(name)`. Look before
            whether there are any: the head goes out before the first part is asked for.
        media_type: What they are.
        name: That browsers save it under; empty: they may show it.
    """

    #: What the OpenAPI document says of it.
    documented_as: ClassVar = "application/octet-stream"

    parts: AsyncIterator[bytes]
    media_type: str = "application/octet-stream"
    name: str = ""
