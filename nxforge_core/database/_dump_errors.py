"""Errors of dumps.

::

    NxForgeError
      DumpFailedError        PostgreSQL's program failed; its words are in the message
        TimescaleDumpError   the database needs a tool of its own
      NoDumpProgramError     there is no program that is new enough
    ConflictError
      NotEmptyError          the database has an installation already
"""

from __future__ import annotations

from nxforge_core.api import ConflictError, NxForgeError

__all__ = [
    "DumpFailedError",
    "NoDumpProgramError",
    "NotEmptyError",
    "TimescaleDumpError",
]


class DumpFailedError(NxForgeError):
    """PostgreSQL's program failed."""

    code = "dump_failed"

    def __init__(self, program: str, why: str, remedy: str = "") -> None:
        super().__init__(
            f"{program} failed: {why}",
            remedy=remedy or "nothing was left behind: mend it and try again",
        )


class TimescaleDumpError(DumpFailedError):
    """TimescaleDB's tables need what its own manual says."""

    def __init__(self) -> None:
        super().__init__(
            "pg_dump",
            "the database has the extension timescaledb",
            "back up the whole database as the manual of TimescaleDB says, or the "
            "server's files",
        )


class NoDumpProgramError(NxForgeError):
    """There is no program that is new enough."""

    code = "no_dump_program"

    def __init__(self, needed: int, found: int) -> None:
        newest = f"the newest is of PostgreSQL {found}" if found else "there is none"
        super().__init__(
            f"PostgreSQL {needed} needs a pg_dump and a psql at least as new; {newest}",
            remedy=f"install the client programs of PostgreSQL {needed}, "
            "or 'nxforge-core[embedded]'",
        )


class NotEmptyError(ConflictError):
    """The database has an installation already."""

    code = "not_empty"

    def __init__(self, where: str) -> None:
        super().__init__(
            f"there is an installation in {where} already",
            remedy="restore into an empty database, or with an empty data directory; "
            "a host must not have been started on it yet",
        )
