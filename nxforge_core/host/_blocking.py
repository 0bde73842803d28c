"""Who blocks the event loop: named, counted, and in the end disabled."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Final, NamedTuple, TypeAlias

from nxforge_core.api import Clock, Log, PluginId
from nxforge_core.plugins import BUILT_IN, Owner
from nxforge_core.services import LoopWatchdog, Stall, beside, get_log, job_name

from ._block_meters import BlockMeters
from ._culprit import Culprit, find_culprit

__all__ = ["Blocking", "Disable"]

_HOUR: Final = 3600.0

#: Disables a job of a plugin, by somebody, with a note that says why.
Disable: TypeAlias = Callable[[PluginId, str, str, str], Awaitable[None]]


class _Block(NamedTuple):
    at: float
    seconds: float
    culprit: Culprit


class _Offence(NamedTuple):
    plugin: PluginId
    job: str
    note: str


class Blocking:
    """Takes the watchdog's reports.

    Args:
        plugins: Whose code is known, by their folders; asked at each report.
        limit: Blocks within an hour after which a job is disabled; 0 means never.
        disable: Called on the loop, and again at each further block until it succeeds.
        meters: Where blocks are counted, if anywhere.
    """

    def __init__(
        self,
        plugins: Iterable[Owner],
        clock: Clock,
        limit: int,
        disable: Disable,
        meters: BlockMeters | None = None,
    ) -> None:
        self._plugins = plugins
        self._clock = clock
        self._limit = limit
        self._disable = disable
        self._meters = meters
        self._open: Culprit | None = None
        self._last: dict[PluginId, _Block] = {}
        self._times: dict[tuple[PluginId, str], deque[float]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._due: asyncio.Queue[_Offence] = asyncio.Queue()

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Watch the running loop while the block runs."""
        self._loop = asyncio.get_running_loop()
        async with beside(self._disable_who_is_due()), LoopWatchdog(self.report):
            yield

    def report(self, stall: Stall) -> None:
        """Take a report, in the watchdog's thread and the blocked task's context."""
        if not stall.ended:
            self._begin(stall)
        elif self._open is not None:
            culprit, self._open = self._open, None
            self._end(stall, culprit)

    def describe(self, plugin: PluginId) -> str | None:
        """The plugin's last block in one line; None where that is an hour ago."""
        block = self._last.get(plugin)
        if block is None or self._clock.monotonic() - block.at > _HOUR:
            return None
        culprit = block.culprit
        job = f" in job {culprit.job}" if culprit.job else ""
        place = f"{culprit.file}:{culprit.line}"
        return f"it blocked the event loop for {block.seconds:.2f} s at {place}{job}"

    def _begin(self, stall: Stall) -> None:
        culprit = find_culprit(stall.frames, job_name.get(), self._plugins)
        self._open = culprit
        stack = [f"{at.file}:{at.line} {at.function}" for at in stall.frames]
        facts = {**_facts(culprit, stall), "task": stall.task, "stack": stack}
        _log(culprit).error("loop_blocked", **facts)
        self._remember(culprit, stall)
        if self._meters is not None:
            self._meters.began(culprit.plugin, stack)
        if culprit.job is not None and self._limit:
            self._count(culprit.plugin, culprit.job, culprit)

    def _end(self, stall: Stall, culprit: Culprit) -> None:
        _log(culprit).warning("loop_answers_again", **_facts(culprit, stall))
        self._remember(culprit, stall)
        if self._meters is not None:
            self._meters.ended(culprit.plugin, stall.seconds)

    def _remember(self, culprit: Culprit, stall: Stall) -> None:
        block = _Block(self._clock.monotonic(), stall.seconds, culprit)
        self._last[culprit.plugin] = block

    def _count(self, plugin: PluginId, job: str, culprit: Culprit) -> None:
        now = self._clock.monotonic()
        times = self._times.setdefault((plugin, job), deque())
        times.append(now)
        while now - times[0] > _HOUR:
            times.popleft()
        if len(times) >= self._limit and self._loop is not None:
            place = f"{culprit.file}:{culprit.line}"
            how_often = "once" if len(times) == 1 else f"{len(times)} times"
            note = f"it blocked the event loop {how_often} within an hour, at {place}"
            offence = _Offence(plugin, job, note)
            self._loop.call_soon_threadsafe(self._due.put_nowait, offence)

    async def _disable_who_is_due(self) -> None:
        while True:
            plugin, job, note = await self._due.get()
            try:
                await self._disable(plugin, job, BUILT_IN, note)
            except Exception as error:  # noqa: BLE001 - the next block tries again
                get_log(plugin).warning("job_not_disabled", job=job, why=str(error))
            else:
                # Enabled again, it gets as many chances as before.
                self._times.pop((plugin, job), None)
                get_log(plugin).error("job_disabled", job=job, why=note)


def _log(culprit: Culprit) -> Log:
    return get_log(None if culprit.plugin == BUILT_IN else culprit.plugin)


def _facts(culprit: Culprit, stall: Stall) -> dict[str, object]:
    return {
        "job": culprit.job,
        "file": culprit.file,
        "line": culprit.line,
        "seconds": round(stall.seconds, 3),
    }
