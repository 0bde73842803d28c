"""Where a value came from."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

__all__ = ["DEFAULT", "Source"]


class Source(msgspec.Struct, frozen=True):
    """Where a value came from, in a form people can act on.

    Attributes:
        name: Path of the file, name of the variable, or empty for a default.
    """

    kind: Literal["default", "file", "environment", "command line"]
    name: str = ""

    def __str__(self) -> str:
        return self.name or self.kind


DEFAULT: Final = Source("default")
