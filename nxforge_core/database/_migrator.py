"""Running migrations: in a thread, because yoyo and psycopg's plain API block."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Final

import psycopg
from yoyo.exceptions import BadMigration
from yoyo.migrations import Migration, MigrationList

from ._address import ServerAddress
from ._errors import DatabaseUnavailableError
from ._migration_errors import (
    MigrationBusyError,
    MigrationFailedError,
    MigrationFileError,
    NoWayBackError,
)
from ._migration_files import MigrationFile, check_statements, skip_comments
from ._migration_history import find_pending
from ._queries import SQL
from ._shape import ShapeCheck
from ._yoyo import (
    LOCK_SECONDS,
    AtomicBackend,
    LockHeldError,
    load_migrations,
    opened,
)

__all__ = ["Migrator", "failing_line"]

#: SQLSTATE classes of a server that goes away.
_GONE: Final = ("08", "57P")
_INLINE_LINE: Final = re.compile(r"inline_code_block line (\d+)")


class Migrator:
    """One plugin's migrations on one database."""

    def __init__(
        self,
        address: ServerAddress,
        schema: str,
        plugin: str,
        folder: Path,
        files: Sequence[MigrationFile],
    ) -> None:
        self._address = address
        self._schema = schema
        self._plugin = plugin
        self._folder = folder
        self._files = {file.id: file for file in files}

    def apply(
        self, check: ShapeCheck | None = None, *, accept_changed: bool = False
    ) -> tuple[str, ...]:
        """Apply what is pending and answer its ids; `migrate` says the rest."""
        with self._locked() as backend:
            # Read again: another process may have been faster.
            rows = self._history(backend)
            applied = {identity: text for identity, text, done in rows if done}
            pending = find_pending(
                self._plugin,
                self._folder,
                tuple(self._files.values()),
                applied,
                accept_changed=accept_changed,
            )
            begun = {identity for identity, _, done in rows if not done}
            ran = self._apply_pending(backend, pending, begun, check)
            self._accept(backend, applied)
            return ran

    def roll_back(self) -> str:
        """Undo the last applied migration; `rollback` says the rest."""
        with self._locked() as backend:
            row = backend.execute(SQL.last_migration).fetchone()
            if row is None:
                raise NoWayBackError(
                    self._plugin, "nothing is applied", remedy="there is nothing to do"
                )
            file = self._undoable(str(row[0]))
            migrations = self._loaded()
            (migration,) = (one for one in migrations if one.id == file.id)
            self._undo(backend, migration, file)
            return file.id

    def _apply_pending(
        self,
        backend: AtomicBackend,
        pending: Sequence[str],
        begun: set[str],
        check: ShapeCheck | None,
    ) -> tuple[str, ...]:
        for identity in pending:
            file = self._files[identity]
            check_statements(self._plugin, file.path, file.text)
        wanted = MigrationList(m for m in self._loaded() if m.id in pending)
        ordered = backend.to_apply(wanted)
        self._adopt(backend, set(pending) - {one.id for one in ordered})
        ran: list[str] = []
        for together, group in groupby(ordered, lambda m: bool(m.use_transactions)):
            if together:
                pieces = list(group)
                last = len(ran) + len(pieces) == len(ordered)
                final = check if last else None
                ran += self._apply_together(backend, pieces, tuple(ran), final)
                continue
            for migration in group:
                resume = migration.id in begun
                self._apply_alone(backend, migration, tuple(ran), resume=resume)
                ran.append(migration.id)
        return tuple(ran)

    def _apply_together(
        self,
        backend: AtomicBackend,
        group: list[Migration],
        kept: tuple[str, ...],
        check: ShapeCheck | None,
    ) -> list[str]:
        current = self._files[group[0].id]
        try:
            with backend.transaction():
                backend.execute(SQL.create_history)
                for migration in group:
                    current = self._files[migration.id]
                    backend.apply_one(migration)
                    self._record(backend, current, done=True)
                if check is not None:
                    check(backend.connection)
        except psycopg.Error as error:
            raise self._failure(backend, current, current.text, error, kept) from error
        return [migration.id for migration in group]

    def _apply_alone(
        self,
        backend: AtomicBackend,
        migration: Migration,
        kept: tuple[str, ...],
        *,
        resume: bool,
    ) -> None:
        file = self._files[migration.id]
        with backend.transaction():
            backend.execute(SQL.create_history)
            self._record(backend, file, done=False)
        try:
            backend.apply_outside(migration, resume=resume)
        except psycopg.Error as error:
            raise self._failure(backend, file, file.text, error, kept) from error
        with backend.transaction():
            backend.log_migration(migration, "apply")
            backend.mark_one(migration, log=False)
            self._record(backend, file, done=True)

    def _undo(
        self, backend: AtomicBackend, migration: Migration, file: MigrationFile
    ) -> None:
        path = file.rollback or file.path
        backend.executed.clear()
        try:
            if not migration.use_transactions:
                with backend.copy() as other:
                    other.executed = backend.executed
                    migration.process_steps(other, "rollback")
            with backend.transaction():
                if migration.use_transactions:
                    migration.process_steps(backend, "rollback")
                    backend.check_in_transaction()
                backend.log_migration(migration, "rollback")
                backend.unmark_one(migration, log=False)
                backend.execute(SQL.forget_migration, {"id": file.id})
        except psycopg.Error as error:
            text = path.read_text("utf-8")
            undo = MigrationFile(
                id=file.id,
                path=path,
                text=text,
                sha256="",
                transactional=True,
                rollback=None,
            )
            raise self._failure(backend, undo, text, error, ()) from error

    def _undoable(self, identity: str) -> MigrationFile:
        file = self._files.get(identity)
        if file is None or file.rollback is None:
            raise NoWayBackError(
                self._plugin,
                f"migration {identity!r} has no rollback SQL",
                remedy=f"ship {identity}.rollback.sql with the plugin",
            )
        text = file.rollback.read_text("utf-8")
        check_statements(self._plugin, file.rollback, text)
        return file

    def _loaded(self) -> MigrationList:
        try:
            return load_migrations(tuple(self._files.values()))
        except BadMigration as error:
            raise MigrationFileError(
                self._plugin, self._folder, 0, f"{error} (see '-- depends:')"
            ) from error

    def _history(self, backend: AtomicBackend) -> list[tuple[str, str, bool]]:
        exists = backend.execute(SQL.has_history).fetchone()
        if exists is None or not exists[0]:
            return []
        return backend.execute(SQL.read_history).fetchall()

    def _record(
        self, backend: AtomicBackend, file: MigrationFile, *, done: bool
    ) -> None:
        backend.execute(
            SQL.record_migration, {"id": file.id, "sha256": file.sha256, "done": done}
        )

    def _adopt(self, backend: AtomicBackend, known: set[str]) -> None:
        """Record what yoyo's own command has applied."""
        with backend.transaction():
            backend.execute(SQL.create_history)
            for identity in known:
                self._record(backend, self._files[identity], done=True)

    def _accept(self, backend: AtomicBackend, applied: dict[str, str]) -> None:
        for identity, checksum in applied.items():
            file = self._files[identity]
            if file.sha256 != checksum:
                with backend.transaction():
                    backend.execute(
                        SQL.accept_migration, {"id": file.id, "sha256": file.sha256}
                    )

    @contextmanager
    def _locked(self) -> Iterator[AtomicBackend]:
        try:
            with opened(self._address, self._schema) as backend:
                yield backend
        except LockHeldError as error:
            raise MigrationBusyError(
                self._plugin, self._schema, LOCK_SECONDS
            ) from error
        except psycopg.OperationalError as error:
            raise DatabaseUnavailableError(
                self._address.display(), str(error).strip()
            ) from error

    def _failure(
        self,
        backend: AtomicBackend,
        file: MigrationFile,
        text: str,
        error: psycopg.Error,
        kept: tuple[str, ...],
    ) -> MigrationFailedError | DatabaseUnavailableError:
        if backend.connection.closed or (error.sqlstate or "").startswith(_GONE):
            return DatabaseUnavailableError(self._address.display(), str(error).strip())
        line = failing_line(text, backend.executed, error.diag)
        words = error.diag.message_primary or str(error).strip()
        return MigrationFailedError(self._plugin, file.path, line, words, kept)


def failing_line(
    text: str, executed: Sequence[str], diagnosis: psycopg.errors.Diagnostic
) -> int:
    """The line of a file at which its statements failed; 0 where that is not known."""
    start = end = 0
    for statement in executed:
        start = text.find(statement, end)
        if start < 0:
            return 0
        end = start + len(statement)
    if not executed:
        return 0
    offset = start + skip_comments(executed[-1])
    if diagnosis.statement_position:
        offset = start + int(diagnosis.statement_position) - 1
    line = text.count("\n", 0, offset) + 1
    inside = _INLINE_LINE.search(diagnosis.context or "")
    if inside and (body := executed[-1].find("$")) >= 0:
        # PL/pgSQL counts from the line on which the body's quote opens.
        line = text.count("\n", 0, start + body) + int(inside[1])
    return line
