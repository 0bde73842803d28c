"""The statements about people."""

from __future__ import annotations

from typing import Final

from nxforge_core.api import load_sql

__all__ = ["SQL"]

SQL: Final = load_sql(__package__)
