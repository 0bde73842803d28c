"""Health checks of a plugin: asked together, each within its deadline."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from nxforge_core.api import Health, HealthSpec, PluginContext
from nxforge_core.builtin import CheckResult

__all__ = ["run_checks", "words_of"]


async def run_checks(
    specs: Sequence[HealthSpec], context: PluginContext, seconds: float
) -> list[CheckResult]:
    """Call each check; one that raises or takes too long is failing."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_run(spec, context, seconds)) for spec in specs]
    return [task.result() for task in tasks]


def words_of(results: Sequence[CheckResult]) -> str:
    """What is failing, in one line; empty if nothing is."""
    return "; ".join(
        f"check {each.name!r} is failing: {each.detail or 'it gives no detail'}"
        for each in results
        if each.state != "ok"
    )


async def _run(spec: HealthSpec, context: PluginContext, seconds: float) -> CheckResult:
    began = time.perf_counter()
    health = await _asked(spec, context, seconds)
    return CheckResult(
        name=spec.name,
        state=health.state,
        detail=health.detail,
        milliseconds=round((time.perf_counter() - began) * 1000, 1),
    )


async def _asked(spec: HealthSpec, context: PluginContext, seconds: float) -> Health:
    timer = asyncio.timeout(seconds)
    try:
        async with timer:
            health: object = await spec.check(context)
    except (Exception, SystemExit) as error:  # an error counts as failing
        if isinstance(error, TimeoutError) and timer.expired():
            return Health("failing", f"no answer within {seconds:g} s")
        context.log.exception("health check failed", check=spec.name)
        return Health("failing", f"{type(error).__name__}: {error}")
    if not isinstance(health, Health):
        return Health("failing", f"it answered {health!r}, which is no Health")
    return health
