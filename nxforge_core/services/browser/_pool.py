"""The lanes of one Chromium, and the one process behind them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final, TypeAlias

from nxforge_core.services._address import AddressPolicy
from nxforge_core.services._slots import Spot

from ._errors import BrowserClosedError, BrowserGoneError
from ._find import find_browser
from ._gate import Gate
from ._messages import Failed, Print, Printed, Visit, Visited
from ._options import BrowserOptions
from ._process import BrowserProcess

__all__ = ["Lane", "Order", "Pool"]

#: Makes an order of the seconds that are left for it.
Order: TypeAlias = Callable[[float], Visit | Print]

#: Seconds kept back for the answer, so that it comes before the caller's deadline.
_MARGIN: Final = 0.25
#: Another page's fault, or an administrator, may have ended the process meanwhile.
_ATTEMPTS: Final = 2
#: Contexts at the least: each waits for the next visit of its spot.
_LANES: Final = 16


class Lane:
    """A page's place, with its own way out.

    Attributes:
        spot: Whose pages are visited here; None for documents. Those of another one
            get another context and another way: what a page leaves behind, timers,
            workers, requests that outlast it, would go where the next page may go, and
            with its credentials.
    """

    def __init__(self, number: int, policy: AddressPolicy) -> None:
        self.number = number
        self.gate = Gate(policy)
        self.spot: Spot | None = None


class Pool:
    """Starts Chromium when it is needed, and ends it when it is not."""

    def __init__(self, policy: AddressPolicy, options: BrowserOptions) -> None:
        self._options = options
        lanes = max(options.pages, _LANES)
        self._lanes = [Lane(number, policy) for number in range(lanes)]
        # Who was used longest ago comes first.
        self._free = list(self._lanes)
        self._turn = asyncio.Semaphore(options.pages)
        self._starting = asyncio.Lock()
        self._process: BrowserProcess | None = None
        self._idle: asyncio.TimerHandle | None = None
        self._ending: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def pids(self) -> tuple[int, ...]:
        """Of the browser process and of Chromium; empty while neither runs."""
        return self._process.pids if self._process is not None else ()

    @asynccontextmanager
    async def lane(self, spot: Spot | None) -> AsyncIterator[Lane]:
        """Wait for a lane that visits the spot only; first come, first served."""
        async with self._turn:
            if self._idle is not None:
                self._idle.cancel()
            lane = self._take(spot)
            try:
                if lane.spot != spot:
                    await lane.gate.renew()
                    lane.spot = spot
                yield lane
            finally:
                self._free.append(lane)
                if len(self._free) == len(self._lanes) and not self._closed:
                    loop = asyncio.get_running_loop()
                    self._idle = loop.call_later(self._options.idle, self._rest)

    async def ready(self) -> None:
        """Have it run. A busy machine takes long for that, which is no page's fault.

        Raises:
            BrowserGoneError: it does not start.
            BrowserClosedError: the host is stopping.
        """
        await self._running()

    def _take(self, spot: Spot | None) -> Lane:
        own = (lane for lane in self._free if lane.spot == spot)
        lane = next(own, self._free[0])
        self._free.remove(lane)
        return lane

    async def ask(self, order: Order, until: float) -> Visited | Printed | Failed:
        """Have something done before an instant of the loop's time.

        Raises:
            BrowserGoneError: the process ended, and so did the next one.
            BrowserClosedError: the host is stopping.
        """
        now = asyncio.get_running_loop().time
        attempt = 0
        while True:
            attempt += 1
            try:
                process = await self._running()
                return await process.ask(order(until - now() - _MARGIN))
            except BrowserGoneError as error:
                if error.fatal or attempt == _ATTEMPTS:
                    raise

    def abandon(self) -> None:
        """End a process that does not answer: the next visit starts another one.

        Nobody waits for its end but who needs the next one.
        """
        self._ending = asyncio.get_running_loop().create_task(self._give_up())

    async def _give_up(self) -> None:
        async with self._starting:
            await self._end(at_once=True)

    async def close(self) -> None:
        """End it, for good."""
        self._closed = True
        if self._idle is not None:
            self._idle.cancel()
        async with self._starting:
            await self._end()
        if self._ending is not None:
            await self._ending

    def _rest(self) -> None:
        self._ending = asyncio.get_running_loop().create_task(self._stop_if_idle())

    async def _stop_if_idle(self) -> None:
        async with self._starting:
            if len(self._free) == len(self._lanes):
                await self._end()

    async def _running(self) -> BrowserProcess:
        async with self._starting:
            if self._closed:
                raise BrowserClosedError
            if self._process is None or not self._process.is_alive:
                await self._end(at_once=True)
                await self._start()
            assert self._process is not None  # noqa: S101 - it was started, for mypy
            return self._process

    async def _start(self) -> None:
        executable = find_browser(self._options)
        process = self._process = BrowserProcess(
            executable, self._options.folder, no_sandbox=self._options.no_sandbox
        )
        try:
            for lane in self._lanes:
                await lane.gate.start()
            await process.start()
        except BaseException:
            await self._end(at_once=True)
            raise

    async def _end(self, *, at_once: bool = False) -> None:
        process, self._process = self._process, None
        for lane in self._lanes:
            lane.gate.stop()
        if process is not None:
            await (process.kill() if at_once else process.stop())
