"""Metrics in the text formats of Prometheus and OpenMetrics."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from litestar import Response

from nxforge_core.api import RouteSpec

from ._context import CoreContext
from ._security import CallerRequest

__all__ = ["ROUTES"]

_TEXT: Final = "text/plain; version=0.0.4"
_OPEN_KIND: Final = "application/openmetrics-text"
_OPEN: Final = f"{_OPEN_KIND}; version=1.0.0; charset=utf-8"


class MetricsText(Response[bytes]):
    """Metrics as a scraper reads them."""

    #: What the OpenAPI document says of it.
    documented_as: ClassVar = ("text/plain", "application/openmetrics-text")

    def to_asgi_response(self, app: Any, request: Any, **more: Any) -> Any:
        """The same, with its own type: Litestar prefers that of the route."""
        more["media_type"] = self.media_type
        return super().to_asgi_response(app, request, **more)


async def show_metrics(ctx: CoreContext, request: CallerRequest) -> MetricsText:
    """Runs, plugins, lateness, workers, connections and the process, for a scraper."""
    openmetrics = _OPEN_KIND in request.headers.get("accept", "")
    text = await ctx.host.metrics(openmetrics=openmetrics)
    return MetricsText(text, media_type=_OPEN if openmetrics else _TEXT)


ROUTES = [RouteSpec("GET", "/metrics", show_metrics, permission="nxforge:metrics:read")]
