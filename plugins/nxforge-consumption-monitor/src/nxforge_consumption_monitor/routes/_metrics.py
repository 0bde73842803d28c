"""Metrics over HTTP."""

from __future__ import annotations

from typing import ClassVar, Final

from litestar import Response

from nxforge_consumption_monitor import report
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext

__all__ = ["MetricsText", "metrics"]

_TEXT: Final = report.OPEN_METRICS


class MetricsText(Response[bytes]):
    """Metrics as a scraper reads them."""

    #: What the OpenAPI document says of it.
    documented_as: ClassVar = "application/openmetrics-text"


async def metrics(ctx: PluginContext[MonitorSettings]) -> MetricsText:
    """Latest values and counters of the enabled endpoints as OpenMetrics."""
    return MetricsText(await report.open_metrics(ctx), media_type=_TEXT)
