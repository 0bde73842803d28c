"""Data quality over HTTP."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo

from litestar.params import QueryParameter

from nxforge_consumption_monitor import export
from nxforge_consumption_monitor.models import Quality
from nxforge_consumption_monitor.quality import QualityQuery, quality_table
from nxforge_consumption_monitor.quality import quality as judge
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext

from ._answers import CsvFile, headers_of

__all__ = ["quality", "quality_csv"]

_Text = str | None


async def quality(
    ctx: PluginContext[MonitorSettings],
    *,
    endpoint_id: Annotated[_Text, QueryParameter(name="endpointId")] = None,
    group: _Text = None,
    from_: Annotated[_Text, QueryParameter(name="from")] = None,
    to: _Text = None,
) -> Quality:
    """How well each endpoint and day is known, worst first; by default the last day."""
    query = QualityQuery(endpoint_id=endpoint_id, group=group, low=from_, high=to)
    return await judge(ctx, query)


async def quality_csv(  # noqa: PLR0913  # one parameter for each of the query
    ctx: PluginContext[MonitorSettings],
    *,
    endpoint_id: Annotated[_Text, QueryParameter(name="endpointId")] = None,
    group: _Text = None,
    from_: Annotated[_Text, QueryParameter(name="from")] = None,
    to: _Text = None,
    mode: str = "machine",
    locale: str = "en",
    delimiter: _Text = None,
) -> CsvFile:
    """The same as CSV."""
    zone = ZoneInfo(ctx.settings.time_zone)
    dialect = export.decode_dialect(mode, locale, delimiter, zone)
    query = QualityQuery(endpoint_id=endpoint_id, group=group, low=from_, high=to)
    table = quality_table(await judge(ctx, query))
    return CsvFile(
        export.csv_tables([table], dialect),
        media_type="text/csv; charset=utf-8",
        headers=headers_of(export.file_name("quality", "csv")),
    )
