"""This package's named SQL."""

from __future__ import annotations

from typing import Any, Final

from nxforge_core.api import NamedSql, load_sql

__all__ = ["SQL", "run_statements"]

SQL: Final[NamedSql] = load_sql("nxforge_core.database")


async def run_statements(connection: Any, query: str, *args: object) -> None:
    """Execute the statements that a query answers: PostgreSQL quoted their names."""
    # The connection is the driver's own, or one of the host's.
    for row in await connection.fetch(query, *args):
        await connection.execute(row["sql"])
