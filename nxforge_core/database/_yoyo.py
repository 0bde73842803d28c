"""yoyo's PostgreSQL backend, made crash-safe.

Stock yoyo commits a migration on one connection and writes that it did so on another:
a kill in between leaves the plugin broken for ever. Here both are one transaction.
"""

from __future__ import annotations

import socket
import threading
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final

import psycopg
from psycopg.pq import TransactionStatus
from yoyo.backends.base import DatabaseBackend
from yoyo.backends.core.postgresql import PostgresqlPsycopgBackend
from yoyo.connections import parse_uri
from yoyo.migrations import Migration, MigrationList, default_migration_table
from yoyo.utils import change_param_style

from ._address import ServerAddress
from ._migration_files import MigrationFile
from ._queries import SQL

__all__ = [
    "LOCK_SECONDS",
    "AtomicBackend",
    "LockHeldError",
    "load_migrations",
    "opened",
]

#: How long another process may migrate the same schema before we give up.
LOCK_SECONDS: Final = 60
#: Seconds between two tries to get the lock.
_PAUSE: Final = 0.05
#: A migration waits for a table this long, then fails instead of blocking its users.
_TABLE_LOCK: Final = "2s"
_yoyo_registry: Final = threading.Lock()


def load_migrations(files: Sequence[MigrationFile]) -> MigrationList:
    """Hand files to yoyo, their dependencies resolved among themselves only.

    yoyo resolves `-- depends:` through one dictionary for the whole process, in which
    the file of another plugin would be found.
    """
    known = Migration._Migration__all_migrations  # noqa: SLF001 - yoyo offers no other
    with _yoyo_registry:
        known.clear()
        found = [Migration(file.id, str(file.path), "") for file in files]
        for migration in found:
            migration.load()
        known.clear()
    return MigrationList(found)


@contextmanager
def opened(address: ServerAddress, schema: str) -> Iterator[AtomicBackend]:
    """Connect, wait for the schema's lock, and make yoyo's own tables.

    The lock lives on the connection that migrates: it cannot be lost without the
    transaction being lost too.

    Raises:
        LockHeldError: another process migrates for too long.
    """
    # A new object per attempt: yoyo's lock() is a no-op after a failure.
    uri = parse_uri(address.yoyo_uri(schema))
    with AtomicBackend(uri, default_migration_table) as backend:
        backend.take_lock()
        backend.execute(f"SET lock_timeout = '{_TABLE_LOCK}'")
        backend.init_database()
        # Whoever left this row is gone: we hold the lock.
        backend.break_lock()
        backend.ensure_internal_schema_updated()
        # Else yoyo looks again before and after every single file.
        backend._internal_schema_updated = True  # noqa: SLF001 - a flag of its own
        with backend.lock():
            yield backend


class AtomicBackend(PostgresqlPsycopgBackend):  # type: ignore[misc]  # yoyo is untyped
    """Steps, log, mark and checksum of one file in one transaction."""

    def __init__(self, uri: Any, migration_table: str) -> None:
        #: Statements of the current file, for the line of an error.
        self.executed: list[str] = []
        super().__init__(uri, migration_table)

    def init_connection(self, connection: Any) -> None:
        """Set what a migration needs instead of the plugin role's limits."""
        super().init_connection(connection)
        connection.execute("SET statement_timeout = 0")

    def begin(self) -> None:
        """Begin without yoyo's warning, which a lost connection would raise too."""
        DatabaseBackend.begin(self)

    def take_lock(self) -> None:
        """Wait until no other process migrates this schema.

        Raises:
            LockHeldError: not within LOCK_SECONDS.
        """
        deadline = time.monotonic() + LOCK_SECONDS
        pause = threading.Event()
        while True:
            row = self.execute(SQL.take_migration_lock).fetchone()
            if row and row[0]:
                return
            if time.monotonic() > deadline:
                raise LockHeldError
            pause.wait(_PAUSE)

    def cursor(self) -> psycopg.Cursor[Any]:
        """Answer the cursor that runs a file's statements."""
        return _StepCursor(self.connection, self.executed)

    def execute(
        self, sql: str, params: Mapping[str, Any] | None = None
    ) -> psycopg.Cursor[Any]:
        """Run a statement of yoyo's or ours, named parameters as `:name`."""
        text, values = change_param_style(self.driver.paramstyle, sql, params)
        cursor: psycopg.Cursor[Any] = self.connection.cursor()
        cursor.execute(text, values)
        return cursor

    def _insert_lock_row(
        self,
        pid: int,
        timeout: float,  # noqa: ARG002 - yoyo's signature
        poll_interval: float = 0.5,  # noqa: ARG002 - yoyo's signature
    ) -> None:
        """Write yoyo's lock row, for its own command to see.

        Stock yoyo tries for ten seconds, also where the connection is lost; we hold
        the real lock, so that one try is enough.
        """
        with self.transaction():
            self.execute(SQL.insert_yoyo_lock, {"pid": pid})

    def _check_transactional_ddl(self) -> bool:
        return True

    def apply_one(
        self,
        migration: Migration,
        force: bool = False,  # noqa: FBT001, FBT002 - yoyo's signature
        mark: bool = True,  # noqa: FBT001, FBT002 - yoyo's signature
    ) -> None:
        """Apply one file inside the transaction that is open."""
        self.executed.clear()
        with self.transaction():
            migration.process_steps(self, "apply", force=force)
            self.check_in_transaction()
            self.log_migration(migration, "apply")
            if mark:
                self.mark_one(migration, log=False)

    def apply_outside(self, migration: Migration, *, resume: bool) -> None:
        """Run a non-transactional file on a connection without transaction.

        Args:
            migration: Its rollback SQL is the undo.
            resume: An earlier run was killed: undo what it left first.
        """
        self.executed.clear()
        with self.copy() as other:
            other.executed = self.executed
            if resume:
                migration.process_steps(other, "rollback")
                self.executed.clear()
            migration.process_steps(other, "apply")

    def check_in_transaction(self) -> None:
        """Notice a COMMIT that hid where the statement splitter did not see it."""
        if self.connection.info.transaction_status != TransactionStatus.INTRANS:
            raise HiddenCommitError

    def get_log_data(
        self, migration: Migration | None = None, operation: str = "apply"
    ) -> dict[str, object]:
        """Answer the row for yoyo's log.

        Stock yoyo asks for the login's name, which fails for a user id without a
        passwd entry, and for the full host name, which waits for a slow DNS.
        """
        return {
            "id": str(uuid.uuid1()),
            "migration_id": migration.id if migration else None,
            "migration_hash": migration.hash if migration else None,
            "username": self.connection.info.user,
            "hostname": socket.gethostname(),
            "created_at_utc": datetime.now(UTC).replace(tzinfo=None),
            "operation": operation,
        }


class LockHeldError(Exception):
    """The schema's lock is held for too long."""


class HiddenCommitError(psycopg.ProgrammingError):
    """A file ended the transaction it ran in."""

    def __init__(self) -> None:
        super().__init__("the file ended the host's transaction")


class _StepCursor(psycopg.Cursor[Any]):
    def __init__(self, connection: psycopg.Connection[Any], log: list[str]) -> None:
        super().__init__(connection)
        self._executed = log

    def execute(self, query: Any, *args: Any, **kwargs: Any) -> _StepCursor:
        self._executed.append(query)
        return super().execute(query, *args, **kwargs)

    @property
    def description(self) -> None:
        # yoyo prints the rows of every SELECT to standard output.
        return None
