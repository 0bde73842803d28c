"""The one endpoint that a page is about."""

from __future__ import annotations

from nxforge_consumption_monitor import endpoints, report
from nxforge_consumption_monitor.models import EndpointView, LiveEndpoint
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import InvalidInputError, PluginContext, ui

__all__ = ["endpoint_of", "live_of"]

_Context = PluginContext[MonitorSettings]


def _id_of(params: ui.Params) -> str:
    """What the address says.

    Raises:
        InvalidInputError: it says nothing.
    """
    found = params.get("id", "")
    if not found:
        raise InvalidInputError(
            field="id", value=None, remedy="choose an endpoint in the list of endpoints"
        )
    return found


async def endpoint_of(ctx: _Context, params: ui.Params) -> EndpointView:
    """The endpoint, archived or not.

    Raises:
        InvalidInputError: the address names none.
        UnknownItemError: there is no such endpoint.
    """
    return await endpoints.show(ctx, _id_of(params))


async def live_of(ctx: _Context, endpoint_id: str) -> LiveEndpoint | None:
    """Its latest values; None of one that is archived."""
    found = await report.live_endpoints(ctx)
    return next((each for each in found if each.id == endpoint_id), None)
