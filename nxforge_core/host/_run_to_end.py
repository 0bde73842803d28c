"""A run that somebody waits for."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from nxforge_core.api import PluginId
from nxforge_core.jobs import RunDetail, follow
from nxforge_core.security.audit import Actor

from ._errors import HostStoppedError
from ._running import Running

__all__ = ["run_to_end"]

_LOOK_SECONDS: Final = 0.1


async def run_to_end(
    running: Running, plugin: str, job: str, params: Mapping[str, Any], by: str
) -> RunDetail:
    """Queue a manual run and wait until it has ended, well or not.

    Raises:
        UnknownItemError: no running plugin has such a job.
        InvalidInputError: the parameters do not fit.
        JobBusyError: the job never overlaps and is queued or running.
        HostStoppedError: the host stops first; the run goes on when it starts again.
    """
    run = await running.engine.run_now(PluginId(plugin), job, params, by=by)
    actor = Actor(by, "command")
    change = (None, {"run": run})
    await running.security.audit.add(actor, "jobs.run", f"{plugin}/{job}", change)

    async def pause() -> bool:
        try:
            async with asyncio.timeout(_LOOK_SECONDS):
                await running.closing.wait()
        except TimeoutError:
            return True
        return False

    async for _ in follow(running.runs, run, pause):
        pass
    detail = await running.runs.get_run(run)
    if detail.finished_at is None:
        raise HostStoppedError
    return detail
