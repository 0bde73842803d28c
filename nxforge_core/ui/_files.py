"""The content of widgets as data, for programs and spreadsheets."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import Any

import msgspec

from nxforge_core.api import guard_cell
from nxforge_core.api.pages import Chart, Filled, Link, Noted, State, Table, Widget

from ._ask import Ask
from ._tree import plain
from .widgets import chart_content, table_rows
from .widgets._arrange import as_mapping
from .widgets._query import query_of

__all__ = ["csv_of", "data_of"]


async def data_of(widget: Widget, ask: Ask) -> Any:
    """What the widget's source answers, as it can be encoded; None: it has none."""
    if isinstance(widget, Chart):
        return await chart_content(widget, ask)
    if isinstance(widget, Table):
        return await table_rows(widget, ask, query_of(widget, ask))
    source = getattr(widget, "source", None)
    if not isinstance(widget, Filled) or source is None:
        return None
    return await ask.content(source)


async def csv_of(table: Table, ask: Ask) -> str:
    """All rows that fit, as a file."""
    rows = await table_rows(table, ask, query_of(table, ask, whole=True))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    heads = [column.label or column.name for column in table.columns]
    writer.writerow(map(guard_cell, heads))
    for row in rows.rows:
        given = as_mapping(row)
        writer.writerow([_cell(given.get(column.name)) for column in table.columns])
    return plain(text.getvalue())


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Noted):
        return _cell(value.value)
    if isinstance(value, State | Link):
        return guard_cell(value.text)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, list | tuple):
        return guard_cell(msgspec.json.encode(value).decode())
    return guard_cell(value) if isinstance(value, str) else str(value)
