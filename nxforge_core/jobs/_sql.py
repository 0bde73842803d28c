"""The package's statements, loaded once."""

from __future__ import annotations

from typing import Final

from nxforge_core.api import NamedSql, load_sql

__all__ = ["SQL"]

#: Those of `queue.sql` are psycopg's (`%(name)s`), all others asyncpg's (`$1`).
SQL: Final[NamedSql] = load_sql("nxforge_core.jobs")
