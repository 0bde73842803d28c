"""Is it alive, is it ready."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from nxforge_core.api import Model, RouteSpec, UnavailableError

from ._context import CoreContext

__all__ = ["ROUTES", "NotReadyError"]


class NotReadyError(UnavailableError):
    """The host runs and cannot do its work now."""

    code = "not_ready"

    def __init__(self, checks: Mapping[str, str]) -> None:
        failing = "; ".join(
            f"{name}: {state}" for name, state in checks.items() if state != "ok"
        )
        super().__init__(f"the host is not ready: {failing}")
        self.checks = checks


class Alive(Model):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Ready(Model):
    """Every part answers."""

    checks: dict[str, str]
    status: Literal["ok"] = "ok"


async def live() -> Alive:
    """Whether the process answers at all."""
    return Alive()


async def ready(ctx: CoreContext) -> Ready:
    """Whether the host can do its work: database, required plugins, jobs."""
    readiness = await ctx.host.readiness()
    if not readiness.ready:
        raise NotReadyError(readiness.checks)
    return Ready(checks=dict(readiness.checks))


ROUTES = [
    RouteSpec("GET", "/health/live", live, public=True),
    RouteSpec("GET", "/health/ready", ready, public=True),
]
