"""The rows of a file, one at a time."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from ._errors import CsvFormError, EmptyFileError, UnknownColumnError
from ._options import ImportOptions

__all__ = ["Row", "rows_of"]

_DELIMITERS: Final = (";", "\t", "|", ",")
_TIMES: Final = (
    "timestamp",
    "time",
    "datetime",
    "date",
    "ts",
    "ts_utc",
    "zeit",
    "datum",
)
_VALUES: Final = (
    "register_kwh",
    "register",
    "kwh",
    "value",
    "energy_kwh",
    "energy",
    "total",
    "total_kwh",
    "reading",
)
_MOST_SHOWN: Final = 200


class Row(msgspec.Struct, frozen=True):
    """A row of values.

    Attributes:
        number: Its line, as an editor counts.
        value: None: the row has too few cells.
    """

    number: int
    text: str
    time: str | None
    value: str | None


class _Columns(msgspec.Struct, frozen=True):
    date: int | None
    time: int
    value: int


def rows_of(text: str, options: ImportOptions) -> Iterator[Row]:
    """Read a file's rows; empty ones are left out.

    Raises:
        UnknownColumnError: a column that is named is not there.
        EmptyFileError: there is no row at all.
        CsvFormError: a line is no CSV.
    """
    row = options.skip_rows
    try:
        for each in _rows(text, options):
            row = each.number
            yield each
    except csv.Error as error:
        raise CsvFormError(row + 1, str(error)) from None


def _rows(text: str, options: ImportOptions) -> Iterator[Row]:
    lines = io.StringIO(text.removeprefix("\ufeff"), newline="")
    for _ in range(options.skip_rows):
        lines.readline()
    is_told = options.delimiter != "auto"
    delimiter = options.delimiter if is_told else _guess(lines)
    reader = csv.reader(lines, delimiter=delimiter)
    first = next((cells for cells in reader if any(cells)), None)
    if first is None:
        raise EmptyFileError
    is_header = _has_names(first) if options.header is None else options.header
    columns = _columns(options, first if is_header else (), len(first))
    if not is_header:
        yield _row(first, columns, options.skip_rows + reader.line_num, delimiter)
    for cells in reader:
        if any(cell.strip() for cell in cells):
            number = options.skip_rows + reader.line_num
            yield _row(cells, columns, number, delimiter)


def _guess(lines: io.StringIO) -> str:
    """The sign that stands in the first line most often, the rarer ones first."""
    place = lines.tell()
    first = lines.readline()
    lines.seek(place)
    return max(_DELIMITERS, key=first.count)


def _has_names(cells: Sequence[str]) -> bool:
    return not any(cell.strip()[:1].isdigit() for cell in cells)


def _columns(options: ImportOptions, names: Sequence[str], count: int) -> _Columns:
    known = [name.strip() for name in names]
    time = _column("timeColumn", options.time_column, known, count)
    value = _column("valueColumn", options.value_column, known, count)
    found_time = _named(known, _TIMES, 0) if time is None else time
    return _Columns(
        date=_column("dateColumn", options.date_column, known, count),
        time=found_time,
        value=_named(known, _VALUES, found_time + 1) if value is None else value,
    )


def _column(
    field: str, wanted: str | None, names: Sequence[str], count: int
) -> int | None:
    if wanted is None:
        return None
    if wanted in names:
        return names.index(wanted)
    if wanted.isascii() and wanted.isdigit() and int(wanted) < count:
        return int(wanted)
    raise UnknownColumnError(field, wanted, names)


def _named(names: Sequence[str], known: Sequence[str], default: int) -> int:
    lower = [name.lower() for name in names]
    return next((lower.index(name) for name in known if name in lower), default)


def _row(cells: Sequence[str], columns: _Columns, number: int, delimiter: str) -> Row:
    def cell(place: int | None) -> str | None:
        if place is None or place >= len(cells):
            return None
        return cells[place].strip()

    time = cell(columns.time)
    if columns.date is not None and time is not None:
        time = f"{cell(columns.date) or ''} {time}".strip()
    text = delimiter.join(cells)[:_MOST_SHOWN]
    return Row(number, text, time, cell(columns.value))
