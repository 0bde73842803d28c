"""Whether statements fit the shape that migrations gave the tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, TypeAlias

from ._migration_errors import MigrationCheckError

if TYPE_CHECKING:
    import psycopg

__all__ = ["ShapeCheck", "statements_fit"]

#: Of a connection in whose transaction the migrations just ran.
ShapeCheck: TypeAlias = Callable[["psycopg.Connection[object]"], None]

#: Of class 42, what says nothing of tables: syntax, and parameters without a type.
_NO_MATTER: Final = frozenset({"42601", "42P18", "42P02"})


def statements_fit(plugin: str, statements: Mapping[str, str]) -> ShapeCheck:
    """A check that prepares each statement and runs none.

    Args:
        plugin: For messages.
        statements: By name; what is no statement as it stands is let through.
    """

    def check(connection: psycopg.Connection[object]) -> None:
        for name, text in statements.items():
            if words := _misfit(connection, text):
                raise MigrationCheckError(plugin, name, words)

    return check


def _misfit(connection: psycopg.Connection[object], text: str) -> str | None:
    from psycopg.pq import DiagnosticField, ExecStatus  # noqa: PLC0415 - slow to import

    link = connection.pgconn
    link.exec_(b"savepoint nxforge_check")
    result = link.prepare(b"", text.encode())
    link.exec_(b"rollback to savepoint nxforge_check")
    if result.status != ExecStatus.FATAL_ERROR:
        return None
    code = result.error_field(DiagnosticField.SQLSTATE) or b""
    if not code.startswith(b"42") or code.decode() in _NO_MATTER:
        return None
    words = result.error_field(DiagnosticField.MESSAGE_PRIMARY) or b""
    return words.decode("utf-8", "replace")
