"""Endpoints over HTTP."""

from __future__ import annotations

from nxforge_consumption_monitor import endpoints
from nxforge_consumption_monitor.collect import POLL_JOB
from nxforge_consumption_monitor.models import (
    EndpointBody,
    EndpointChange,
    EndpointView,
    PollView,
    RemovedEndpointView,
)
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store import RuleNote
from nxforge_core.api import PluginContext

from ._caller import Caller, IfMatch, name_of

__all__ = [
    "archive_endpoint",
    "change_endpoint",
    "create_endpoint",
    "get_endpoint",
    "list_endpoints",
    "poll_endpoint",
    "replace_endpoint",
]

_Context = PluginContext[MonitorSettings]


async def list_endpoints(
    ctx: _Context, *, archived: bool = False
) -> list[EndpointView]:
    """List the endpoints by name, with `archived=true` also those put away."""
    return await endpoints.list_all(ctx, archived=archived)


async def get_endpoint(ctx: _Context, endpoint_id: str) -> EndpointView:
    """Show one endpoint."""
    return await endpoints.show(ctx, endpoint_id)


async def create_endpoint(ctx: _Context, data: EndpointBody) -> EndpointView:
    """Create an endpoint; it is polled at the next tick."""
    return await endpoints.create(ctx, data)


async def change_endpoint(
    ctx: _Context,
    request: Caller,
    endpoint_id: str,
    data: EndpointChange,
    if_match: IfMatch = None,
) -> EndpointView:
    """Change the members given; the others stay. With If-Match only that version."""
    return await endpoints.change(
        ctx, endpoint_id, data, match=if_match, rule=RuleNote(by=name_of(request))
    )


async def replace_endpoint(
    ctx: _Context,
    request: Caller,
    endpoint_id: str,
    data: EndpointChange,
    if_match: IfMatch = None,
) -> EndpointView:
    """Do as PATCH does: the original's PUT took some of the members as well."""
    return await change_endpoint(ctx, request, endpoint_id, data, if_match)


async def archive_endpoint(
    ctx: _Context, endpoint_id: str, if_match: IfMatch = None
) -> RemovedEndpointView:
    """Put an endpoint away: it is polled no more, its readings stay.

    One of which nothing was ever read is deleted.
    """
    return await endpoints.remove(ctx, endpoint_id, match=if_match)


async def poll_endpoint(ctx: _Context, endpoint_id: str) -> PollView:
    """Queue a poll of the endpoint now, whatever its schedule says."""
    view = await endpoints.show(ctx, endpoint_id)
    run_id = await ctx.jobs.run(POLL_JOB, {"endpointIds": [view.id]})
    return PollView(run_id=run_id, endpoint_id=view.id)
