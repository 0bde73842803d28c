"""Databases on a server of tests: made, copied and dropped."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Final, LiteralString

import psycopg
from psycopg import sql

from nxforge_core.database import ServerAddress

__all__ = ["Databases"]

_EMPTY: Final = "template0"
_CREATE: Final[LiteralString] = "CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy"
_DROP: Final[LiteralString] = "DROP DATABASE IF EXISTS {} WITH (FORCE)"
_DROP_ROLE: Final[LiteralString] = "DROP ROLE {}"
_CUT: Final[LiteralString] = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
)
_ROLES_OF: Final[LiteralString] = (
    "SELECT r.rolname FROM pg_roles AS r "
    "JOIN pg_shdescription AS d ON d.objoid = r.oid "
    "WHERE d.description = 'NxForge, database ' || %s"
)


class Databases:
    """Makes databases; each, and the logins made for it, is gone in the end.

    A thread of its own does the work, with one connection for all tests: while one of
    them runs, the database of the next is copied and that of the last one dropped.

    Args:
        server: Its login may create databases and roles.
    """

    def __init__(self, server: ServerAddress) -> None:
        self._server = server
        self._thread = ThreadPoolExecutor(1, "nxforge-databases")
        self._connection: psycopg.Connection[Any] | None = None
        self._next: dict[str, Future[ServerAddress]] = {}

    def close(self) -> None:
        """Drop what was made ahead, and let the server go."""
        for ahead in self._next.values():
            self._thread.submit(self._drop, ahead.result()).result()
        self._thread.submit(self._close).result()
        self._thread.shutdown()

    @contextmanager
    def fresh(self, template: str = _EMPTY) -> Iterator[ServerAddress]:
        """A database like the template for as long as the block."""
        ahead = self._next.pop(template, None) or self._later(self._make, template)
        address = ahead.result()
        # Nobody can copy a template that somebody uses; nobody uses one but us.
        self._next[template] = self._later(self._make, template)
        try:
            yield address
        finally:
            self._later(self._drop, address)

    def make(self) -> ServerAddress:
        """An empty database that stays."""
        made: ServerAddress = self._later(self._make, _EMPTY).result()
        return made

    def drop(self, address: ServerAddress) -> None:
        """Drop a database and the logins that were made for it."""
        if (ahead := self._next.pop(address.database, None)) is not None:
            self._drop_later(ahead.result())
        self._drop_later(address)

    def cut(self, database: str) -> None:
        """End every connection to a database."""
        self._later(self._cut, database).result()

    def _drop_later(self, address: ServerAddress) -> None:
        self._later(self._drop, address).result()

    def _later(self, work: Callable[[Any], Any], given: object) -> Future[Any]:
        return self._thread.submit(work, given)

    def _make(self, template: str) -> ServerAddress:
        name = f"test_{secrets.token_hex(6)}"
        self._do(_CREATE, name, template)
        return self._server.with_database(name)

    def _drop(self, address: ServerAddress) -> None:
        self._do(_DROP, address.database)
        rows = self._open().execute(_ROLES_OF, [address.database]).fetchall()
        for (role,) in rows:
            self._do(_DROP_ROLE, role)

    def _cut(self, database: str) -> None:
        self._open().execute(_CUT, [database])

    def _do(self, statement: LiteralString, *names: str) -> None:
        quoted = [sql.Identifier(name) for name in names]
        self._open().execute(sql.SQL(statement).format(*quoted))

    def _open(self) -> psycopg.Connection[Any]:
        if self._connection is None:
            address = self._server.conninfo("nxforge tests")
            self._connection = psycopg.connect(address, autocommit=True)
        return self._connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
