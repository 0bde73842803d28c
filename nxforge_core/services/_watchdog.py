"""A thread that notices when the event loop does not answer, and who keeps it."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from contextvars import Context
from dataclasses import replace
from types import TracebackType
from typing import Final, Self

from ._log import get_log
from ._stall import Stall, look_at

__all__ = ["Gauge", "LoopWatchdog"]

#: Seconds between two beats of the loop, and between two looks of the thread.
_INTERVAL: Final = 0.1
#: Seconds between two looks at a loop that is late.
_SOON: Final = 0.02
#: Seconds to wait for the thread at the end, should a report hang.
_PATIENCE: Final = 1.0


class Gauge:
    """Tells how late a loop is, from its beats and the looks of a thread.

    A process that was stopped, swapped out or starved stops the thread as well: what
    the thread itself is late by is not held against the loop, unless the process was
    busy meanwhile. Then somebody held the interpreter's lock.

    Args:
        now: Seconds of a clock that never goes back, as everywhere in here.
        cpu: Seconds of processor time of the process.
    """

    def __init__(self, now: float, cpu: float) -> None:
        self._beat = self._looked = now
        self._cpu = cpu
        self._stopped = 0.0

    def look(self, beat: float, now: float, cpu: float) -> tuple[float, float | None]:
        """Seconds the loop is late now, and those it was late with its last beat.

        The second is None where it has not beaten since the last look.
        """
        stopped = self._stood_still(now, cpu)
        was_late = None
        if beat != self._beat:
            was_late = beat - self._beat - _INTERVAL - self._stopped - stopped
            self._beat, self._stopped = beat, 0.0
        self._stopped += min(stopped, now - beat)
        return now - beat - _INTERVAL - self._stopped, was_late

    def _stood_still(self, now: float, cpu: float) -> float:
        late = now - self._looked - _INTERVAL
        busy = cpu - self._cpu
        self._looked, self._cpu = now, cpu
        return late if late > _INTERVAL and busy < late / 2 else 0.0


class LoopWatchdog:
    """Watches the running loop while the block runs.

    ::

        async with LoopWatchdog(lambda stall: print(stall.seconds, stall.frames[-1])):
            ...

    Args:
        report: Called in the watchdog's thread, twice for each stall: while the loop
            is still blocked, and when that has `ended`. It runs in a copy of the
            context of the task that blocks: what it logs belongs to that task's
            request and run.
        limit: Seconds a loop may be late.
    """

    def __init__(self, report: Callable[[Stall], None], limit: float = 0.25) -> None:
        self._report = report
        self._limit = limit
        self._stop = threading.Event()
        self._beat = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._thread: threading.Thread | None = None
        self._open: tuple[Stall, Context] | None = None

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._stop.clear()
        self._beat_on(loop)
        self._thread = threading.Thread(
            target=self._watch,
            args=(loop, threading.get_ident()),
            name="nxforge watchdog",
            daemon=True,
        )
        self._thread.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._beat = time.monotonic()
        self._stop.set()
        if self._thread is not None:
            self._thread.join(_PATIENCE)

    def _beat_on(self, loop: asyncio.AbstractEventLoop) -> None:
        self._beat = time.monotonic()
        # A timer and not a task: it costs half as much, twenty times a second.
        self._timer = loop.call_later(_INTERVAL, self._beat_on, loop)

    def _watch(self, loop: asyncio.AbstractEventLoop, thread: int) -> None:
        gauge = Gauge(time.monotonic(), time.process_time())
        stopping, pause = False, _INTERVAL
        while not stopping:
            stopping = self._stop.wait(pause)
            beat = self._beat
            late, was_late = gauge.look(beat, time.monotonic(), time.process_time())
            if was_late is not None:
                self._close(was_late)
            if late > self._limit and self._open is None:
                self._notice(loop, thread, late, beat)
            # The next look is at the moment when it would be too late.
            pause = min(_INTERVAL, max(self._limit - late, _SOON))

    def _notice(
        self, loop: asyncio.AbstractEventLoop, thread: int, late: float, beat: float
    ) -> None:
        sight = look_at(loop, thread)
        if self._beat != beat:
            return  # it went on while we looked: what was seen may be somebody else
        stall = Stall(seconds=late, frames=sight.frames, task=sight.task)
        self._open = stall, sight.context
        self._tell(stall, sight.context)

    def _close(self, seconds: float) -> None:
        if self._open is not None:
            stall, context = self._open
            self._open = None
            longest = max(seconds, stall.seconds)
            self._tell(replace(stall, seconds=longest, ended=True), context)

    def _tell(self, stall: Stall, context: Context) -> None:
        try:
            context.run(self._report, stall)
        except Exception:  # noqa: BLE001 - the thread watches on
            get_log().exception("loop_stall_not_reported")
