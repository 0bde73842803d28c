"""Tables as CSV: UTF-8, RFC 4180, and no cell that a spreadsheet would compute."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from ._cells import Cell, Table
from ._dialect import Dialect, heading

__all__ = ["csv_header", "csv_rows", "csv_tables"]

#: Without it spreadsheets take the bytes for another encoding.
_MARK: Final = "\ufeff"


def csv_tables(tables: Sequence[Table], dialect: Dialect) -> bytes:
    """Tables below each other; for programs there is one and nothing around it."""
    parts = [_table(table, dialect, named=len(tables) > 1) for table in tables]
    return (_mark(dialect) + "\r\n".join(parts)).encode()


def csv_header(columns: Sequence[str], dialect: Dialect) -> bytes:
    """The beginning of a file whose rows follow."""
    names = [heading(each) for each in columns] if dialect.human else columns
    return (_mark(dialect) + _lines([names], dialect)).encode()


def csv_rows(rows: Iterable[Sequence[Cell]], dialect: Dialect) -> bytes:
    """Further rows of such a file."""
    cells = ([dialect.text(cell) for cell in row] for row in rows)
    return _lines(cells, dialect).encode()


def _mark(dialect: Dialect) -> str:
    return _MARK if dialect.human else ""


def _table(table: Table, dialect: Dialect, *, named: bool) -> str:
    names = (
        [heading(each) for each in table.columns] if dialect.human else (table.columns)
    )
    rows = [[dialect.text(cell) for cell in row] for row in table.rows]
    title = [[table.name]] if named else []
    return _lines([*title, names, *rows], dialect)


def _lines(rows: Iterable[Sequence[str]], dialect: Dialect) -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=dialect.delimiter, lineterminator="\r\n")
    writer.writerows(rows)
    return text.getvalue()
