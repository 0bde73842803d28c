"""The package's statements, loaded once."""

from __future__ import annotations

from typing import Final

from nxforge_core.api import NamedSql, load_sql

__all__ = ["SQL"]

#: Those with `%(name)s` are psycopg's, those with `$1` asyncpg's.
SQL: Final[NamedSql] = load_sql("nxforge_core.jobs")
