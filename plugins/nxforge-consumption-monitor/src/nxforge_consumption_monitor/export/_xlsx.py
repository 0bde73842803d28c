"""Tables as a workbook: text is written as text, whatever it begins with."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from ._cells import Cell, Table
from ._dialect import heading

__all__ = ["xlsx_tables"]

_WIDEST: Final = 40
_NARROWEST: Final = 9
#: What a sheet may be called.
_NAME: Final = 31
_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def xlsx_tables(tables: Sequence[Table], zone: ZoneInfo) -> bytes:
    """A sheet for each table; instants are local times of the zone."""
    # Half a second that only a workbook costs.
    from xlsxwriter import Workbook  # noqa: PLC0415  # only who asks for one pays

    file = io.BytesIO()
    book = Workbook(file, _OPTIONS)
    sheets = _Sheets(book, zone)
    for table in tables:
        sheets.add(table)
    book.close()
    return file.getvalue()


class _Sheets:
    """Writes tables into a workbook."""

    def __init__(self, book: Any, zone: ZoneInfo) -> None:
        self._book = book
        self._zone = zone
        self._head = book.add_format({"bold": True, "bottom": 1})
        self._number = book.add_format({"num_format": "#,##0.000"})
        self._instant = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self._day = book.add_format({"num_format": "yyyy-mm-dd"})

    def add(self, table: Table) -> None:
        sheet = self._book.add_worksheet(table.name[:_NAME])
        for place, column in enumerate(table.columns):
            name = heading(column)
            sheet.write_string(0, place, name, self._head)
            sheet.set_column(place, place, min(max(len(name), _NARROWEST), _WIDEST))
        sheet.freeze_panes(1, 0)
        for at, row in enumerate(table.rows, 1):
            for place, cell in enumerate(row):
                self._write(sheet, at, place, cell)

    def _write(self, sheet: Any, row: int, column: int, cell: Cell) -> None:
        match cell:
            case None:
                sheet.write_blank(row, column, None)
            case bool():
                sheet.write_boolean(row, column, cell)
            case int():
                sheet.write_number(row, column, cell)
            case Decimal():
                self._write_decimal(sheet, row, column, cell)
            case datetime():
                local = cell.astimezone(self._zone).replace(tzinfo=None)
                sheet.write_datetime(row, column, local, self._instant)
            case date():
                sheet.write_datetime(row, column, cell, self._day)
            case str():
                sheet.write_string(row, column, cell)

    def _write_decimal(self, sheet: Any, row: int, column: int, cell: Decimal) -> None:
        # A workbook keeps 15 digits: what has more would be another number.
        if Decimal(repr(float(cell))) == cell:
            sheet.write_number(row, column, float(cell), self._number)
        else:
            sheet.write_string(row, column, f"{cell:f}")
