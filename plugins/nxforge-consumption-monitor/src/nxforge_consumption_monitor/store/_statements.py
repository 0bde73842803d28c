"""The plugin's named SQL, and how many rows are handed to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from nxforge_core.api import load_sql

__all__ = ["SQL", "as_json"]

SQL: Final = load_sql("nxforge_consumption_monitor.store")


def as_json(items: Sequence[msgspec.Struct]) -> str:
    """Rows for a recordset: columns are matched to fields by name."""
    return msgspec.json.encode(items).decode()
