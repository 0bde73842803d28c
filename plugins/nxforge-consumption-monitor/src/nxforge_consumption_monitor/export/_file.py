"""A report as a file of a kind."""

from __future__ import annotations

import asyncio
import re
from typing import Final, Literal

import msgspec

from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import InvalidInputError, PluginContext

from ._csv import csv_tables
from ._dialect import Dialect, decode_dialect
from ._html import html_page
from ._paper import Paper
from ._tables import PARTS, paper_tables, part_of
from ._xlsx import xlsx_tables

__all__ = ["File", "FileOptions", "Kind", "file_name", "report_file"]

Kind = Literal["csv", "xlsx", "html", "pdf"]

_ODD: Final = re.compile(r"[^A-Za-z0-9]+")
_LONGEST: Final = 60


class FileOptions(msgspec.Struct, frozen=True, kw_only=True):
    """The query's texts as they came."""

    mode: str = "machine"
    locale: str = "en"
    delimiter: str | None = None
    part: str = "lines"


class File(msgspec.Struct, frozen=True, kw_only=True):
    """Bytes with a name that any system takes."""

    name: str
    body: bytes


async def report_file(
    ctx: PluginContext[MonitorSettings], paper: Paper, kind: Kind, options: FileOptions
) -> File:
    """Write a report.

    Raises:
        InvalidInputError: an option is none that there is.
        BrowserMissingError: a PDF is wanted and no browser is here to print it.
    """
    dialect = decode_dialect(
        options.mode, options.locale, options.delimiter, paper.zone
    )
    name = file_name(f"{paper.subject} {paper.month:%Y-%m}", kind)
    return File(name=name, body=await _body(ctx, paper, kind, dialect, options.part))


def file_name(subject: str, kind: str) -> str:
    """A name of letters, digits and dashes, whatever the subject is called."""
    slug = _ODD.sub("-", subject).strip("-")[-_LONGEST:].strip("-")
    return f"consumption-{slug or 'report'}.{kind}"


async def _body(
    ctx: PluginContext[MonitorSettings],
    paper: Paper,
    kind: Kind,
    dialect: Dialect,
    part: str,
) -> bytes:
    match kind:
        case "csv":
            return _csv(paper, dialect, part)
        case "xlsx":
            tables = paper_tables(paper)
            return await asyncio.to_thread(xlsx_tables, tables, paper.zone)
        case "html":
            return html_page(paper, dialect).encode()
        case "pdf":
            return await ctx.browser.pdf(html_page(paper, dialect))


def _csv(paper: Paper, dialect: Dialect, part: str) -> bytes:
    if part not in PARTS:
        raise InvalidInputError(
            field="part", value=part, remedy=f"give one of {', '.join(PARTS)}"
        )
    if dialect.human:
        return csv_tables(paper_tables(paper), dialect)
    return csv_tables([part_of(paper, part)], dialect)
