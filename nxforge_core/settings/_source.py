"""Where a value came from."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

__all__ = ["DATABASE", "DEFAULT", "PROGRAM", "Source", "SourceKind"]

#: `program` is an application that embeds the host and says its settings itself;
#: `database` is what admins set of plugins while the host runs.
SourceKind = Literal[
    "default", "database", "file", "environment", "command line", "program"
]


class Source(msgspec.Struct, frozen=True):
    """Where a value came from, in a form people can act on.

    Attributes:
        name: Path of the file, name of the variable, or empty for a default.
    """

    kind: SourceKind
    name: str = ""

    def __str__(self) -> str:
        return self.name or self.kind


DATABASE: Final = Source("database")
DEFAULT: Final = Source("default")
PROGRAM: Final = Source("program")
