"""This package's named SQL."""

from __future__ import annotations

from typing import Final

from nxforge_core.api import NamedSql, load_sql

__all__ = ["SQL"]

SQL: Final[NamedSql] = load_sql("nxforge_core.database")
