"""Refusals of imports.

::

    UsageError
      UnknownItemError
        UnknownImportError
        UnknownTargetError     no endpoint has the reference
      UnclearTargetError       several endpoints have it
      UnknownColumnError       the file has no such column
      EmptyFileError           no rows
      CsvFormError             a line that is no CSV
      TooManyRowsError
      LargeFileError
      ImportTextError          bytes that are no text
"""

from __future__ import annotations

from collections.abc import Iterable

from nxforge_core.api import ConflictError, UnknownItemError, UsageError

__all__ = [
    "CsvFormError",
    "EmptyFileError",
    "ImportTextError",
    "LargeFileError",
    "TooManyRowsError",
    "UnclearTargetError",
    "UnknownColumnError",
    "UnknownImportError",
    "UnknownTargetError",
]


class UnknownImportError(UnknownItemError):
    """No import has the id."""

    def __init__(self, import_id: int) -> None:
        super().__init__(
            kind="import", value=str(import_id), remedy="GET /imports lists the ids"
        )


class UnknownTargetError(UnknownItemError):
    """No endpoint that is not archived has the id, name or external reference."""

    def __init__(self, reference: str) -> None:
        super().__init__(
            kind="endpoint",
            value=reference,
            remedy="give as 'endpoint' an id, a name or an external reference",
        )


class UnclearTargetError(ConflictError):
    """More than one endpoint could be meant."""

    code = "unclear_endpoint"

    def __init__(self, reference: str, names: Iterable[str]) -> None:
        super().__init__(
            f"{reference!r} is the external reference of {', '.join(sorted(names))}",
            remedy="give the id of the one that is meant",
        )
        self.reference = reference


class UnknownColumnError(UsageError):
    """The file has no such column."""

    code = "unknown_column"

    def __init__(self, field: str, column: str, known: Iterable[str]) -> None:
        super().__init__(
            f"{field} is {column!r}, and the file has no such column",
            remedy=f"it has {', '.join(map(repr, known)) or 'none'}; a number counts "
            "them from 0",
        )
        self.field = field
        self.column = column


class EmptyFileError(UsageError):
    """A file without a row of values."""

    code = "empty_file"

    def __init__(self) -> None:
        super().__init__(
            "the file has no row of values",
            remedy="send the CSV as the body, or as 'text' of a JSON body",
        )


class CsvFormError(UsageError):
    """A line that cannot be read as CSV."""

    code = "csv_form"

    def __init__(self, row: int, what: str) -> None:
        super().__init__(
            f"line {row} is no CSV: {what}",
            remedy="save the file as CSV with one delimiter and balanced quotes",
        )
        self.row = row


class ImportTextError(UsageError):
    """Bytes that are no text."""

    code = "import_text"

    def __init__(self, at: int) -> None:
        super().__init__(
            f"the file is no UTF-8 from byte {at} on",
            remedy="save it as CSV in UTF-8",
        )
        self.at = at


class TooManyRowsError(UsageError):
    """More rows than one import takes."""

    code = "too_many_rows"

    def __init__(self, most: int) -> None:
        super().__init__(
            f"the file has more than {most} rows",
            remedy="divide it, for example by year, and import the parts one by one",
        )
        self.most = most


class LargeFileError(UsageError):
    """A file with more bytes than an import reads."""

    code = "large_file"

    def __init__(self, size: int, most: int) -> None:
        super().__init__(
            f"the file has {size} bytes, and an import reads {most}",
            remedy="divide it, for example by year, and import the parts one by one",
        )
        self.size = size
