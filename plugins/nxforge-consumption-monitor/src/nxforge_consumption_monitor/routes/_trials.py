"""The dry run of an endpoint over HTTP."""

from __future__ import annotations

from nxforge_consumption_monitor.models import TrialBody, TrialView
from nxforge_consumption_monitor.permissions import TEST_ENDPOINTS
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.trying import Trier
from nxforge_core.api import PluginContext, RouteSpec

__all__ = ["trial_route"]


def trial_route() -> RouteSpec:
    """The route of one host, with the hosts that are being asked."""
    trier = Trier()

    async def try_endpoint(
        ctx: PluginContext[MonitorSettings], data: TrialBody
    ) -> TrialView:
        """Ask a device once and tell everything that is found; nothing is stored.

        Whatever the device does is part of the answer, which is 200.
        """
        return await trier.run(ctx, data)

    return RouteSpec("POST", "/endpoints/test", try_endpoint, TEST_ENDPOINTS)
