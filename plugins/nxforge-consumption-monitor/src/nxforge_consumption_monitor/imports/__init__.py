"""Readings that people bring in: files, and registers that they type in."""

from __future__ import annotations

from ._errors import (
    EmptyFileError,
    ImportTextError,
    LargeFileError,
    UnclearTargetError,
    UnknownColumnError,
    UnknownImportError,
    UnknownTargetError,
)
from ._manage import imports, run_import, show_import, superseded
from ._options import (
    MAX_ROWS,
    ImportBody,
    ImportOptions,
    Kind,
    NumberFormat,
    Unit,
    options_of,
)
from ._typed import TypedReading, TypedReadingView, type_in
from ._views import ImportResult, ImportView, Rejection, SupersededView

__all__ = [
    "MAX_ROWS",
    "EmptyFileError",
    "ImportBody",
    "ImportOptions",
    "ImportResult",
    "ImportTextError",
    "ImportView",
    "Kind",
    "LargeFileError",
    "NumberFormat",
    "Rejection",
    "SupersededView",
    "TypedReading",
    "TypedReadingView",
    "UnclearTargetError",
    "Unit",
    "UnknownColumnError",
    "UnknownImportError",
    "UnknownTargetError",
    "imports",
    "options_of",
    "run_import",
    "show_import",
    "superseded",
    "type_in",
]
