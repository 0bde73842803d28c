"""Reports, series and readings as files."""

from __future__ import annotations

from ._cells import Cell, Table
from ._csv import csv_tables
from ._dialect import Dialect, decode_dialect
from ._file import File, FileOptions, Kind, file_name, report_file
from ._paper import Paper
from ._paper_of import endpoint_paper, group_paper, stored_paper
from ._rows import readings_csv, series_table

__all__ = [
    "Cell",
    "Dialect",
    "File",
    "FileOptions",
    "Kind",
    "Paper",
    "Table",
    "csv_tables",
    "decode_dialect",
    "endpoint_paper",
    "file_name",
    "group_paper",
    "readings_csv",
    "report_file",
    "series_table",
    "stored_paper",
]
