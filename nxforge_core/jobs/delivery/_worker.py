"""Procrastinate's worker, kept alive."""

from __future__ import annotations

import asyncio
from typing import Final

from procrastinate.worker import Worker

from nxforge_core.api import Clock, Log, PluginId
from nxforge_core.jobs._heed import heed
from nxforge_core.jobs._options import EngineOptions

from ._link import Link

__all__ = ["PluginWorker"]

#: Seconds between a worker's end and the next start, doubled up to the second.
_PAUSE: Final = 0.3
_LONGEST_PAUSE: Final = 5.0
#: A worker that lasted as long was well: the next pause is short again. No longer than
#: the longest pause: what ends each time it has lasted just so long starts no oftener
#: than what ends at once, and crashes some seconds apart do not add up to a long wait.
_WELL: Final = _LONGEST_PAUSE
#: Seconds between looks of its own; the crew looks for all its workers at once.
_SELDOM: Final = 30.0
#: Seconds between heartbeats of its own: never, the crew's one is for all.
_NEVER: Final = 1e6


class PluginWorker:
    """Takes the deliveries of one plugin.

    Args:
        name: Of its own, for Procrastinate's log.
        first_pause: Seconds between its end and the next start.
    """

    def __init__(  # noqa: PLR0913 - the crew wires it once
        self,
        link: Link,
        options: EngineOptions,
        plugin: PluginId,
        *,
        name: str,
        clock: Clock,
        log: Log,
        first_pause: float = _PAUSE,
    ) -> None:
        self._link = link
        self._options = options
        self._plugin = plugin
        self._name = name
        self._clock = clock
        self._log = log
        self._first_pause = first_pause
        self._worker: Worker | None = None

    @property
    def id(self) -> int | None:
        """Its number in the queue's table of workers, while it has one."""
        return self._worker.worker_id if self._worker else None

    @property
    def queue(self) -> str:
        """The queue it serves."""
        return self._link.queue_of(self._plugin)

    async def run(self) -> None:
        """Work until cancelled, then let handlers finish within the grace.

        A worker that ends by itself is started again: the table of workers may be
        out of reach when it starts, or another process thought this one dead.
        """
        pause = self._first_pause
        while True:
            began = self._clock.monotonic()
            try:
                # It may end by an error where it is cancelled in an outage.
                await heed(self._work())
                why = "it returned"
            except Exception as error:  # noqa: BLE001 - whatever it is, the next one starts
                why = f"{type(error).__name__}: {error}"
            if self._clock.monotonic() - began > _WELL:
                pause = self._first_pause
            self._log.warning(
                "queue_worker_ended", of=self._plugin, why=why, restart_in=pause
            )
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def _work(self) -> None:
        options = self._options
        self._worker = self._link.worker(
            queues=[self.queue],
            name=self._name,
            concurrency=options.limit_of(self._plugin),
            install_signal_handlers=False,
            fetch_job_polling_interval=_SELDOM,
            abort_job_polling_interval=options.heartbeat,
            update_heartbeat_interval=_NEVER,
            stalled_worker_timeout=options.stalled,
            shutdown_graceful_timeout=options.grace,
            delete_jobs="always",
        )
        await self._worker.run()  # type: ignore[no-untyped-call]  # the library's
