"""Power and energy over time over HTTP."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo

from litestar.params import QueryParameter

from nxforge_consumption_monitor import export
from nxforge_consumption_monitor.models import Series
from nxforge_consumption_monitor.series import SeriesQuery
from nxforge_consumption_monitor.series import series as make_series
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext

from ._answers import CsvFile, headers_of

__all__ = ["series", "series_csv"]

_Text = str | None


async def series(  # noqa: PLR0913  # one parameter for each of the query
    ctx: PluginContext[MonitorSettings],
    *,
    endpoint_ids: Annotated[list[str] | None, QueryParameter(name="endpointId")] = None,
    group: _Text = None,
    from_: Annotated[_Text, QueryParameter(name="from")] = None,
    to: _Text = None,
    grain: str = "auto",
    points: _Text = None,
    fields: str = "power,energy",
    power: str = "auto",
    channel: str = "total",
) -> Series:
    """Power and energy of endpoints over time, as columns.

    Power is a choice of the readings (`lttb`) or buckets (`minmax`); energy is always
    sums of buckets. Gaps are named, never zero.
    """
    query = SeriesQuery(
        endpoint_ids=endpoint_ids,
        group=group,
        low=from_,
        high=to,
        grain=grain,
        points=points,
        fields=fields,
        power=power,
        channel=channel,
    )
    return await make_series(ctx, query)


async def series_csv(  # noqa: PLR0913  # one parameter for each of the query
    ctx: PluginContext[MonitorSettings],
    *,
    endpoint_ids: Annotated[list[str] | None, QueryParameter(name="endpointId")] = None,
    group: _Text = None,
    from_: Annotated[_Text, QueryParameter(name="from")] = None,
    to: _Text = None,
    grain: str = "auto",
    points: _Text = None,
    fields: str = "power,energy",
    power: str = "auto",
    channel: str = "total",
    mode: str = "machine",
    locale: str = "en",
    delimiter: _Text = None,
) -> CsvFile:
    """The same series as CSV: a row for each point and each bucket."""
    query = SeriesQuery(
        endpoint_ids=endpoint_ids,
        group=group,
        low=from_,
        high=to,
        grain=grain,
        points=points,
        fields=fields,
        power=power,
        channel=channel,
    )
    zone = ZoneInfo(ctx.settings.time_zone)
    dialect = export.decode_dialect(mode, locale, delimiter, zone)
    table = export.series_table(await make_series(ctx, query))
    return CsvFile(
        export.csv_tables([table], dialect),
        media_type="text/csv; charset=utf-8",
        headers=headers_of(export.file_name("series", "csv")),
    )
