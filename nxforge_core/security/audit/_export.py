"""The trail as a file: JSON lines, or CSV that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Callable
from typing import Any, Final

import msgspec

from nxforge_core.api import guard_cell

from ._entry import AuditEntry

__all__ = ["csv_lines", "json_lines"]

_COLUMNS: Final = tuple(
    field.encode_name for field in msgspec.structs.fields(AuditEntry)
)


async def json_lines(rows: AsyncIterator[AuditEntry]) -> AsyncIterator[bytes]:
    """One JSON object a line."""
    encode = msgspec.json.Encoder(decimal_format="number").encode
    async for row in rows:
        yield encode(row) + b"\n"


async def csv_lines(rows: AsyncIterator[AuditEntry]) -> AsyncIterator[bytes]:
    """RFC 4180, with a head line; what changed is JSON inside its cell."""
    yield _line(_COLUMNS, str)
    async for row in rows:
        yield _line(tuple(msgspec.to_builtins(row).values()), _cell)


def _line(cells: tuple[Any, ...], shown: Callable[[Any], str]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow([shown(cell) for cell in cells])
    return text.getvalue().encode()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, int):
        return str(value)
    if not isinstance(value, str):
        return msgspec.json.encode(value).decode()
    return guard_cell(value)
