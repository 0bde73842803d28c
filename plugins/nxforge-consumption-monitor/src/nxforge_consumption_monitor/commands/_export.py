"""`export`: the readings of a span as CSV, however many there are."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import click

from nxforge_consumption_monitor.export import decode_dialect, readings_csv
from nxforge_consumption_monitor.report import ReadingsQuery
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext

from ._output import LOCALE, MODE, OUTPUT, opened

__all__ = ["export_command"]


@click.command("export")
@click.option("--from", "low", help="Date or instant; else from the beginning.")
@click.option("--to", "high", help="Date or instant after the last; else up to now.")
@click.option("--endpoint", help="Id of one endpoint; else all.")
@click.option("--quality", help="One or more qualities, parted by commas.")
@MODE
@LOCALE
@OUTPUT
async def export_command(  # noqa: PLR0913  # one parameter for each option
    ctx: PluginContext[MonitorSettings],
    *,
    low: str | None,
    high: str | None,
    endpoint: str | None,
    quality: str | None,
    mode: str,
    locale: str,
    output: Path | None,
) -> None:
    """Write readings and failed attempts as CSV, the newest first."""
    query = ReadingsQuery(endpoint_id=endpoint, low=low, high=high, quality=quality)
    zone = ZoneInfo(ctx.settings.time_zone)
    parts = readings_csv(ctx, query, decode_dialect(mode, locale, None, zone))
    with opened(output) as file:
        async for part in parts:
            file.write(part)
