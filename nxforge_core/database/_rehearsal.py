"""A plugin's pending migrations run for real, and then undone by the server."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import psycopg
from yoyo.connections import parse_uri
from yoyo.migrations import (
    Migration,
    default_migration_table,
    topological_sort,
)

from ._address import ServerAddress, quote_identifier
from ._errors import DatabaseUnavailableError
from ._migration_errors import MigrationBusyError, MigrationFailedError
from ._migration_files import MigrationFile, check_statements
from ._migrator import failing_line
from ._queries import SQL
from ._shape import ShapeCheck
from ._yoyo import LOCK_SECONDS, AtomicBackend, LockHeldError, load_migrations

__all__ = ["run_rehearsal"]

#: A rehearsal beside a plugin that works waits this long for a table, then gives up.
_TABLE_LOCK = "2s"


class _EndOfRehearsalError(Exception):
    """All went well; nothing of it shall stay."""


def run_rehearsal(
    address: ServerAddress,
    where: tuple[str, str, Path],
    pending: Sequence[MigrationFile],
    check: ShapeCheck | None,
) -> None:
    """Apply transactional files and the check in one transaction, and roll it back.

    Args:
        address: With the plugin's own login, or the host's where it has none yet.
        where: Schema, which is made where it is missing; plugin; folder.
        pending: In the order of their names.
        check: Of the new shape.

    Raises:
        MigrationFailedError: a file fails.
        MigrationCheckError: a statement does not fit the new shape.
        MigrationBusyError: another process migrates the schema.
        DatabaseUnavailableError: the server is gone.
    """
    schema, plugin, _ = where
    for file in pending:
        check_statements(plugin, file.path, file.text)
    known = {file.id: file for file in pending}
    ordered = list(topological_sort(load_migrations(pending))) if pending else []
    uri = parse_uri(address.yoyo_uri(schema))
    try:
        with AtomicBackend(uri, default_migration_table) as backend:
            backend.execute(f"SET lock_timeout = '{_TABLE_LOCK}'")
            _play(backend, where, [(each, known[each.id]) for each in ordered], check)
    except _EndOfRehearsalError:
        return
    except LockHeldError as error:
        raise MigrationBusyError(plugin, schema, LOCK_SECONDS) from error
    except psycopg.OperationalError as error:
        words = str(error).strip()
        raise DatabaseUnavailableError(address.display(), words) from error


def _play(
    backend: AtomicBackend,
    where: tuple[str, str, Path],
    pieces: Sequence[tuple[Migration, MigrationFile]],
    check: ShapeCheck | None,
) -> None:
    schema, plugin, _ = where
    with backend.transaction():
        there = backend.execute(SQL.schema_is_there, {"schema": schema}).fetchone()
        if there is None or not there[0]:
            backend.execute(f"CREATE SCHEMA {quote_identifier(schema)}")
        backend.take_lock()
        for migration, file in pieces:
            backend.executed.clear()
            try:
                migration.process_steps(backend, "apply")
                backend.check_in_transaction()
            except psycopg.Error as error:
                line = failing_line(file.text, backend.executed, error.diag)
                words = error.diag.message_primary or str(error).strip()
                raise MigrationFailedError(
                    plugin, file.path, line, words, ()
                ) from error
        if check is not None:
            check(backend.connection)
        raise _EndOfRehearsalError
