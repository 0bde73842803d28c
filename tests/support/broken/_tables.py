"""Broken in its migrations."""

from __future__ import annotations

from ._broken import Broken

__all__ = ["TABLES"]

_SOURCE = (
    "@hookimpl\ndef nxforge_migrations():\n    return MigrationsSpec(__package__)\n"
)
#: Stamps its first migration with each import.
_STAMPS = """
import time
from pathlib import Path

_FILE = Path(__file__).parent / "migrations/001_create_note.sql"
_FILE.write_text(f"create table note (id int); -- at {time.time_ns()}")


"""
_MEND = "correct the migration or the data it meets, and start again"


def _files(*steps: str, undone: bool = True) -> dict[str, str]:
    files = {}
    for number, step in enumerate(steps, 1):
        name = f"migrations/{number:03}_step_note"
        files[f"{name}.sql"] = step
        if undone:
            files[f"{name}.rollback.sql"] = f"drop table note_{number};"
    return files


TABLES = (
    Broken(
        id="first-step-fails",
        check="migrations",
        phase="migrate",
        says='migration 001_step_note.sql:1 failed: relation "nowhere" does not exist',
        remedy=_MEND,
        source=_SOURCE,
        files=_files("select 1 from nowhere;"),
    ),
    Broken(
        id="third-step-fails",
        check="migrations",
        phase="migrate",
        says="migration 003_step_note.sql:1 failed: division by zero",
        remedy=_MEND,
        source=_SOURCE,
        files=_files(
            "create table note_1 (id int);",
            "create table note_2 (id int);",
            "select 1 / 0;",
        ),
    ),
    Broken(
        id="trespasser",
        check="migrations",
        phase="migrate",
        says="migration 001_step_note.sql:1 failed: permission denied for schema",
        remedy=_MEND,
        source=_SOURCE,
        files=_files("create table nxforge.note_1 (id int);"),
    ),
    Broken(
        id="waits-for-a-lock",
        check="migrations",
        phase="migrate",
        says="canceling statement due to lock timeout",
        remedy=_MEND,
        source=_SOURCE,
        files=_files(
            "select pg_advisory_xact_lock(4711);\ncreate table note_1 (id int);"
        ),
        slow=True,
    ),
    Broken(
        id="waits-for-ever",
        check="migrations",
        phase="migrate",
        says="001_step_note.sql:1 is refused: lock_timeout is the host's to set",
        remedy="correct the file; nothing was applied",
        source=_SOURCE,
        files=_files("set lock_timeout = 0;\nselect pg_advisory_xact_lock(4711);"),
    ),
    Broken(
        id="rewrites-history",
        check="start-again",
        phase="migrate",
        says="migration 001_create_note.sql was changed after it was applied",
        remedy="restore the file as it was and put the change into a new one",
        source=_STAMPS + _SOURCE,
        files={
            "migrations/001_create_note.sql": "",
            "migrations/001_create_note.rollback.sql": "drop table note;",
        },
    ),
    Broken(
        id="no-way-back",
        check="round-trip",
        phase="serve",
        says="rollback",
        source=_SOURCE,
        files=_files("create table note_1 (id int);", undone=False),
        quiet=True,
    ),
    Broken(
        id="keeps-things-elsewhere",
        check="residue",
        phase="serve",
        says="large object",
        source=_SOURCE,
        files={
            "migrations/001_put_object.sql": "select lo_create(0);",
            "migrations/001_put_object.rollback.sql": "select 1;",
        },
        quiet=True,
    ),
)
