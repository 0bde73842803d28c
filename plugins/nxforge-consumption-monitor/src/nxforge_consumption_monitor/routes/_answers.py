"""Answers that are files."""

from __future__ import annotations

from typing import ClassVar, Final

from litestar import Response
from litestar.response import Stream

__all__ = ["CsvFile", "CsvStream", "HtmlFile", "PdfFile", "XlsxFile", "headers_of"]

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: A report loads nothing and runs nothing, whatever a name in it says.
_NOTHING_RUNS: Final = "default-src 'none'; style-src 'unsafe-inline'"


class CsvFile(Response[bytes]):
    """A table as text."""

    #: What the OpenAPI document says of it; the same below.
    documented_as: ClassVar = "text/csv"


class CsvStream(Stream):
    """A table as text, of any length."""

    documented_as: ClassVar = "text/csv"


class XlsxFile(Response[bytes]):
    """A workbook."""

    documented_as: ClassVar = _XLSX


class HtmlFile(Response[bytes]):
    """A page to look at or to print."""

    documented_as: ClassVar = "text/html"


class PdfFile(Response[bytes]):
    """A printed page."""

    documented_as: ClassVar = "application/pdf"


def headers_of(name: str, *, inline: bool = False) -> dict[str, str]:
    """Headers of a file of this name, which holds nothing but letters and dashes."""
    if inline:
        return {
            "content-disposition": f'inline; filename="{name}"',
            "content-security-policy": _NOTHING_RUNS,
        }
    return {"content-disposition": f'attachment; filename="{name}"'}
