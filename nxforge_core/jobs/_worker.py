"""Procrastinate's worker, kept alive."""

from __future__ import annotations

import asyncio
from typing import Final

from nxforge_core.api import Clock, Log

from ._link import Link
from ._options import EngineOptions

__all__ = ["supervise_worker"]

#: Seconds between a worker's end and the next start, doubled up to the second.
_PAUSE: Final = 0.3
_LONGEST_PAUSE: Final = 5.0
#: A worker that lasted as long was well: the next pause is short again.
_WELL: Final = 30.0


async def supervise_worker(
    link: Link,
    options: EngineOptions,
    name: str,
    clock: Clock,
    log: Log,
    first_pause: float = _PAUSE,
) -> None:
    """Run a worker until cancelled, then let its handlers finish within the grace.

    A worker ends by itself when the database goes away: by an error, or just so.
    """
    pause = first_pause
    while True:
        began = clock.monotonic()
        try:
            await _run(link, options, name)
            why = "it returned"
        except Exception as error:  # noqa: BLE001 - whatever it is, the next one starts
            why = f"{type(error).__name__}: {error}"
        if clock.monotonic() - began > _WELL:
            pause = first_pause
        log.warning("queue_worker_ended", why=why, restart_in=pause)
        await asyncio.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE)


async def _run(link: Link, options: EngineOptions, name: str) -> None:
    await link.app.run_worker_async(
        queues=[link.queue],
        name=name,
        concurrency=options.concurrency,
        install_signal_handlers=False,
        fetch_job_polling_interval=options.poll,
        update_heartbeat_interval=options.heartbeat,
        stalled_worker_timeout=options.stalled,
        shutdown_graceful_timeout=options.grace,
        delete_jobs="always",
    )
