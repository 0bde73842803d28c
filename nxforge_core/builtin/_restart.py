"""A restart of every process of the installation, without a failed request."""

from __future__ import annotations

from nxforge_core.api import Model, RouteSpec

from ._context import CoreContext
from ._security import CallerRequest, actor_of

__all__ = ["ROUTES", "Restart", "restart_host"]


class Restart(Model):
    """What a restart will do.

    Attributes:
        here: Whether the process that answers is one of those that start anew. A host
            inside another application is restarted with that.
    """

    here: bool


async def restart_host(ctx: CoreContext, request: CallerRequest) -> Restart:
    """Have every `serve` and `worker` start anew once its jobs and requests ended."""
    await ctx.host.restart(actor_of(request))
    return Restart(here=ctx.host.restarts)


ROUTES = [
    RouteSpec(
        "POST", "/api/v1/restart", restart_host, permission="nxforge:host:restart"
    )
]
