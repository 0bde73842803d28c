"""Many endpoints at once over HTTP."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from litestar import Response
from litestar.params import QueryParameter

from nxforge_consumption_monitor import endpoints
from nxforge_consumption_monitor.endpoints import BulkTextError, BulkView
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext

from ._caller import Caller

__all__ = ["EndpointsText", "create_endpoints", "export_endpoints"]

_Context = PluginContext[MonitorSettings]


class EndpointsText(Response[bytes]):
    """Endpoints as a file."""

    #: What the OpenAPI document says of it.
    documented_as: ClassVar = ("application/json", "text/csv")


async def create_endpoints(
    ctx: _Context,
    request: Caller,
    *,
    dry_run: Annotated[bool, QueryParameter(name="dryRun")] = False,
) -> BulkView:
    """Create many endpoints from a JSON array or a CSV body: every good row.

    With `dryRun=true` every row is checked in the same way, and none is created.
    """
    raw = await request.body()
    is_json = "json" in request.headers.get("content-type", "")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        what = f"no UTF-8 from byte {error.start} on"
        raise BulkTextError(what) from error
    return await endpoints.create_many(ctx, text, is_json=is_json, dry_run=dry_run)


async def export_endpoints(
    ctx: _Context,
    form: Annotated[Literal["csv", "json"], QueryParameter(name="format")] = "json",
) -> EndpointsText:
    """All endpoints that are not archived, as `POST /endpoints/bulk` takes them."""
    views = await endpoints.list_all(ctx)
    if form == "csv":
        body, media = endpoints.as_csv(views), "text/csv; charset=utf-8"
    else:
        body, media = endpoints.as_json(views), "application/json"
    name = f'attachment; filename="endpoints.{form}"'
    headers = {"content-disposition": name, "cache-control": "no-store"}
    return EndpointsText(body, media_type=media, headers=headers)
