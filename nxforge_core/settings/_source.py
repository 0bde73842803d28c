"""Where a value came from."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

__all__ = ["DEFAULT", "PROGRAM", "Source", "SourceKind"]

#: `program` is an application that embeds the host and says its settings itself.
SourceKind = Literal["default", "file", "environment", "command line", "program"]


class Source(msgspec.Struct, frozen=True):
    """Where a value came from, in a form people can act on.

    Attributes:
        name: Path of the file, name of the variable, or empty for a default.
    """

    kind: SourceKind
    name: str = ""

    def __str__(self) -> str:
        return self.name or self.kind


DEFAULT: Final = Source("default")
PROGRAM: Final = Source("program")
