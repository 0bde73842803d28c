"""Stored readings over HTTP."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo

from litestar.params import QueryParameter

from nxforge_consumption_monitor import export, report
from nxforge_consumption_monitor.models import ReadingsAnswer
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext

from ._answers import CsvStream, headers_of

__all__ = ["readings", "readings_csv"]

_Text = str | None


async def readings(  # noqa: PLR0913  # one parameter for each of the query
    ctx: PluginContext[MonitorSettings],
    *,
    endpoint_id: Annotated[_Text, QueryParameter(name="endpointId")] = None,
    from_: Annotated[_Text, QueryParameter(name="from")] = None,
    to: _Text = None,
    success: _Text = None,
    quality: _Text = None,
    limit: _Text = None,
    cursor: _Text = None,
) -> ReadingsAnswer:
    """Readings and failed attempts, newest first, page by page.

    `from` and `to` are dates or instants, [from, to); a date is midnight in the zone of
    the settings. `quality` is one or more of the qualities, parted by commas: failed
    attempts have none. `cursor` is `meta.nextCursor` of the page before.
    """
    query = report.ReadingsQuery(
        endpoint_id=endpoint_id,
        low=from_,
        high=to,
        success=success,
        quality=quality,
        limit=limit,
        cursor=cursor,
    )
    return await report.readings_page(ctx, query)


async def readings_csv(  # noqa: PLR0913  # one parameter for each of the query
    ctx: PluginContext[MonitorSettings],
    *,
    endpoint_id: Annotated[_Text, QueryParameter(name="endpointId")] = None,
    from_: Annotated[_Text, QueryParameter(name="from")] = None,
    to: _Text = None,
    success: _Text = None,
    quality: _Text = None,
    mode: str = "machine",
    locale: str = "en",
    delimiter: _Text = None,
) -> CsvStream:
    """All readings and failed attempts of a query as CSV, newest first."""
    query = report.ReadingsQuery(
        endpoint_id=endpoint_id, low=from_, high=to, success=success, quality=quality
    )
    zone = ZoneInfo(ctx.settings.time_zone)
    dialect = export.decode_dialect(mode, locale, delimiter, zone)
    return CsvStream(
        export.readings_csv(ctx, query, dialect),
        media_type="text/csv; charset=utf-8",
        headers=headers_of(export.file_name("readings", "csv")),
    )
