"""Reports as files over HTTP: the same four kinds of an endpoint, a group, a store."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

from nxforge_consumption_monitor.export import (
    FileOptions,
    Paper,
    endpoint_paper,
    group_paper,
    report_file,
    stored_paper,
)
from nxforge_consumption_monitor.permissions import READ_READINGS
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext, RouteSpec

from ._answers import CsvFile, HtmlFile, PdfFile, XlsxFile, headers_of

__all__ = ["FILE_ROUTES"]

_Context = PluginContext[MonitorSettings]
_Text = str | None
_Make = Callable[[_Context, str, _Text, _Text], Awaitable[Paper]]
_Handler = Callable[..., Awaitable[Any]]


def _csv(make: _Make) -> _Handler:
    async def csv(  # noqa: PLR0913  # one parameter for each of the query
        ctx: _Context,
        *,
        given_id: str,
        year: _Text = None,
        month: _Text = None,
        mode: str = "machine",
        locale: str = "en",
        delimiter: _Text = None,
        part: str = "lines",
    ) -> CsvFile:
        paper = await make(ctx, given_id, year, month)
        options = FileOptions(mode=mode, locale=locale, delimiter=delimiter, part=part)
        file = await report_file(ctx, paper, "csv", options)
        return CsvFile(
            file.body,
            media_type="text/csv; charset=utf-8",
            headers=headers_of(file.name),
        )

    return csv


def _xlsx(make: _Make) -> _Handler:
    async def xlsx(
        ctx: _Context, *, given_id: str, year: _Text = None, month: _Text = None
    ) -> XlsxFile:
        paper = await make(ctx, given_id, year, month)
        file = await report_file(ctx, paper, "xlsx", FileOptions())
        return XlsxFile(
            file.body,
            media_type=XlsxFile.documented_as,
            headers=headers_of(file.name),
        )

    return xlsx


def _html(make: _Make) -> _Handler:
    async def html(
        ctx: _Context,
        *,
        given_id: str,
        year: _Text = None,
        month: _Text = None,
        locale: str = "en",
    ) -> HtmlFile:
        paper = await make(ctx, given_id, year, month)
        file = await report_file(
            ctx, paper, "html", FileOptions(mode="human", locale=locale)
        )
        return HtmlFile(
            file.body,
            media_type="text/html; charset=utf-8",
            headers=headers_of(file.name, inline=True),
        )

    return html


def _pdf(make: _Make) -> _Handler:
    async def pdf(
        ctx: _Context,
        *,
        given_id: str,
        year: _Text = None,
        month: _Text = None,
        locale: str = "en",
    ) -> PdfFile:
        paper = await make(ctx, given_id, year, month)
        options = FileOptions(mode="human", locale=locale)
        file = await report_file(ctx, paper, "pdf", options)
        return PdfFile(
            file.body,
            media_type=PdfFile.documented_as,
            headers=headers_of(file.name),
        )

    return pdf


async def _stored(ctx: _Context, given_id: str, year: _Text, month: _Text) -> Paper:
    del year, month  # it has its own
    return await stored_paper(ctx, given_id)


_KINDS: Final = {
    "csv": (_csv, "as CSV"),
    "xlsx": (_xlsx, "as a workbook"),
    "html": (_html, "as a page to print"),
    "pdf": (_pdf, "as PDF"),
}
_REPORTS: Final[dict[str, tuple[_Make, str]]] = {
    "/monthly/{given_id:str}": (endpoint_paper, "One month of one endpoint"),
    "/reports/group/{given_id:str}": (group_paper, "One month of a group"),
    "/reports/{given_id:str}": (_stored, "One stored report"),
}

FILE_ROUTES: Final = tuple(
    RouteSpec(
        "GET",
        f"{path}.{ending}",
        handler(make),
        READ_READINGS,
        summary=f"{what} {words}.",
    )
    for path, (make, what) in _REPORTS.items()
    for ending, (handler, words) in _KINDS.items()
)
