"""Metrics in the text format of Prometheus."""

from __future__ import annotations

from typing import ClassVar, Final

from litestar import Response

from nxforge_core.api import RouteSpec

from ._context import CoreContext

__all__ = ["ROUTES"]

_TEXT: Final = "text/plain; version=0.0.4"


class MetricsText(Response[bytes]):
    """Metrics as a scraper reads them."""

    #: What the OpenAPI document says of it.
    documented_as: ClassVar = "text/plain"


async def show_metrics(ctx: CoreContext) -> MetricsText:
    """Runs, lateness, workers, connections and the process itself, for a scraper."""
    return MetricsText(await ctx.host.metrics(), media_type=_TEXT)


ROUTES = [RouteSpec("GET", "/metrics", show_metrics, permission="nxforge:metrics:read")]
