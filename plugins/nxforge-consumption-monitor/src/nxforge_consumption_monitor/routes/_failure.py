"""What a browser saw when a page failed in it, over HTTP."""

from __future__ import annotations

from typing import ClassVar, Final

from litestar import Response

from nxforge_consumption_monitor import endpoints
from nxforge_consumption_monitor.models import FailureView
from nxforge_consumption_monitor.permissions import READ_ENDPOINTS
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext, RouteSpec

__all__ = ["FAILURE_ROUTES", "Picture", "endpoint_failure", "failure_screenshot"]

_Context = PluginContext[MonitorSettings]
_ONE: Final = "/endpoints/{endpoint_id:str}/failure"
#: A device drew it: it is shown as a picture, kept nowhere, and never read as a page.
_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


class Picture(Response[bytes]):
    """A PNG."""

    #: What the OpenAPI document says of it.
    documented_as: ClassVar = "image/png"


async def endpoint_failure(ctx: _Context, endpoint_id: str) -> FailureView:
    """Show what the browser saw when a poll of the endpoint failed last."""
    return await endpoints.failure(ctx, endpoint_id)


async def failure_screenshot(ctx: _Context, endpoint_id: str) -> Picture:
    """Show the picture of the endpoint's latest failure in the browser."""
    picture = await endpoints.failure_screenshot(ctx, endpoint_id)
    return Picture(picture, media_type="image/png", headers=_HEADERS)


FAILURE_ROUTES: Final = (
    RouteSpec("GET", _ONE, endpoint_failure, READ_ENDPOINTS),
    RouteSpec("GET", f"{_ONE}/screenshot", failure_screenshot, READ_ENDPOINTS),
)
