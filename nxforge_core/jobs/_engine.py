"""The engine: when, that, and run, for one process of an installation."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from nxforge_core.api import (
    Clock,
    Database,
    Events,
    Log,
    PluginId,
    RunId,
    UnknownItemError,
)
from nxforge_core.database import ServerAddress
from nxforge_core.events import Listener
from nxforge_core.services import get_log

from ._meters import JobMeters
from ._options import EngineOptions
from ._queue import Queue
from .catalog import JobBook, Registry
from .reading import (
    EngineHealth,
    EngineState,
    RunDetail,
    RunFilter,
    RunLine,
    Runs,
    RunSummary,
)

if TYPE_CHECKING:
    from ._active import Active
    from .firing import Only

__all__ = ["Engine"]

#: Seconds before the engine tries again, doubled up to the second.
_PAUSE: Final = 0.3
_LONGEST_PAUSE: Final = 10.0
#: Seconds beyond the time that handlers get, after which `stop` cancels once more.
_MARGIN: Final = 2.0
#: Seconds that it waits for that, twice; then the host stops without the engine's end.
_LAST: Final = 0.5
_EVERY: Final = RunFilter()


class Engine:
    """Jobs of the running plugins: any number of processes may have one each.

    Args:
        database: On the core schema; must stay open until `stop` has returned.
        address: The same database and login, for the queue.
        registry: The jobs of the plugins that run now.
        listener: The host's, which runs for as long as the engine does.
        meters: Told of every run that this process works for.
        events: The host's own voice.
    """

    def __init__(  # noqa: PLR0913 - the host wires it once
        self,
        database: Database,
        address: ServerAddress,
        registry: Registry,
        clock: Clock,
        options: EngineOptions,
        listener: Listener,
        *,
        log: Log | None = None,
        meters: JobMeters | None = None,
        events: Events | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._options = options
        self._log = log or get_log()
        self._listener = listener
        self._meters = meters
        self._events = events
        self._book = JobBook(registry, database, self._log)
        self._runs = Runs(database)
        self._queue = Queue(address, options.queue, clock, self._listener)
        self._life: asyncio.Task[None] | None = None
        self._ending: asyncio.Task[None] | None = None
        self._active: Active | None = None
        self._state: EngineState = "stopped"
        self._detail = ""

    @property
    def state(self) -> EngineState:
        """What the engine is doing."""
        return self.health().state

    async def start(self) -> None:
        """Begin; the engine is active a moment later and `state` says so."""
        if self._life is None:
            self._state = "starting"
            # Not a TaskGroup: the engine outlives the function that starts it.
            self._life = asyncio.get_running_loop().create_task(self._live())

    def drain(self) -> None:
        """Fire and claim nothing more; the grace of running handlers begins.

        Runs are still queued and cancelled for others, until `stop`.
        """
        if (life := self._life) is None:
            return
        self._life, self._ending = None, life
        # A frozen server must not keep the host from stopping.
        self._queue.hurry()
        if self._active is not None:
            self._active.runner.hurry()
        life.cancel()

    async def ended(self) -> None:
        """Wait until what ran before `drain` has ended, or its grace has."""
        if self._ending is not None:
            await asyncio.wait({self._ending}, timeout=self._longest)

    def give_up(self) -> None:
        """Wait for the database no more: it answers nothing, and this engine ends."""
        self._queue.hurry(silent=True)

    async def stop(self, seconds: float | None = None) -> None:
        """Drain, let handlers finish within the grace, give back others.

        Args:
            seconds: For all of it, however long the grace is.
        """
        self.drain()
        if (ending := self._ending) is not None:
            self._ending = None
            await self._end(ending, self._longest if seconds is None else seconds)
        await self._queue.close()
        self._state = "stopped"

    @property
    def _longest(self) -> float:
        return self._options.grace + self._options.cleanup + _MARGIN + 2 * _LAST

    async def _end(self, life: asyncio.Task[None], seconds: float) -> None:
        for patience in (max(seconds - 2 * _LAST, _LAST), _LAST, _LAST):
            if (await asyncio.wait({life}, timeout=patience))[0]:
                return
            # Again where a library swallowed it: asyncio.wait_for of Python 3.11 does,
            # when what it waits for ends in the same moment.
            life.cancel()
        self._log.error("job_engine_does_not_end")

    def refresh(self) -> None:
        """Take over a change of the registry: from now on nothing else is fired."""
        if self._active is not None:
            self._active.refresh()

    async def left(self, plugin: PluginId) -> None:
        """Wait until runs of a plugin that the registry has no more are given back."""
        if self._active is not None:
            await self._active.left(plugin)

    def health(self) -> EngineHealth:
        """Tell how the engine is."""
        state, detail = self._state, self._detail
        active = self._active
        if active is not None and active.troubles:
            state = "failing"
            detail = "; ".join(
                f"{what}: {why}" for what, why in active.troubles.items()
            )
        return EngineHealth(
            state=state,
            detail=detail,
            running=len(active.runner.held) if active else 0,
            abandoned=len(active.runner.abandoned) if active else 0,
        )

    async def run_now(
        self,
        plugin: PluginId,
        job: str,
        params: Mapping[str, object] | None,
        by: str,
    ) -> RunId:
        """Queue a manual run and answer its id.

        Raises:
            UnknownItemError: no running plugin has such a job.
            InvalidInputError: names the parameter, its value and what is expected.
            JobBusyError: the job never overlaps and is queued or running.
        """
        found = self._book.job(plugin, job)
        if found is None:
            remedy = "'nxforge jobs list' shows the jobs of the running plugins"
            raise UnknownItemError(kind="job", value=f"{plugin}/{job}", remedy=remedy)
        return await self._queue.run_now(found, params, by)

    async def cancel(self, run: RunId, by: str) -> bool:
        """See `Queue.cancel`."""
        return await self._queue.cancel(run, by)

    async def rerun(self, run: RunId, only: Only, by: str) -> RunId:
        """See `Queue.rerun`."""
        return await self._queue.rerun(self._book.job, run, only, by)

    async def list_runs(
        self,
        wanted: RunFilter = _EVERY,
        *,
        limit: int = 50,
        before: RunId | None = None,
    ) -> list[RunSummary]:
        """See `Runs.list_runs`."""
        return await self._runs.list_runs(wanted, limit=limit, before=before)

    async def get_run(self, run: RunId) -> RunDetail:
        """See `Runs.get_run`."""
        return await self._runs.get_run(run)

    async def run_logs(
        self, run: RunId, after: int = 0, limit: int = 1000
    ) -> list[RunLine]:
        """See `Runs.run_logs`."""
        return await self._runs.run_logs(run, after, limit)

    async def _live(self) -> None:
        pause = _PAUSE
        while self._life is not None:
            try:
                await self._be_active()
            except Exception as error:  # noqa: BLE001 - the host serves without jobs
                self._detail = f"{type(error).__name__}: {error}"
                self._state = "failing"
                self._log.error("job_engine_failed", why=self._detail, again_in=pause)
            finally:
                self._active = None
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def _be_active(self) -> None:
        link = await self._queue.link()
        kind = await asyncio.to_thread(_load)
        if self._life is None:
            return  # stopped meanwhile, and the cancellation was swallowed on the way
        self._active = kind(
            link,
            self._database,
            self._book,
            self._clock,
            self._log,
            options=self._options,
            listener=self._listener,
            meters=self._meters,
            events=self._events,
        )
        self._state, self._detail = "running", ""
        await self._active.run()


def _load() -> type[Active]:
    # APScheduler and Procrastinate cost 300 ms that no start-up waits for.
    from ._active import Active  # noqa: PLC0415

    return Active
