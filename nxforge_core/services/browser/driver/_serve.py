"""Orders of the host, each on its lane; a lane is used again while it is clean."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from typing import Any, Final

import msgspec

from nxforge_core.services.browser._frames import Frames
from nxforge_core.services.browser._messages import (
    Abort,
    Failed,
    Order,
    Print,
    Printed,
    Start,
    Visit,
    Visited,
)

from ._chromium import Chromium
from ._errors import ChromiumError, VisitError
from ._print import print_document
from ._tab import Tab, open_tab
from ._visit import scrub, visit

__all__ = ["serve"]

#: Visits after which a context is replaced: what leaks, leaks for so long.
_USES: Final = 200
#: Seconds for Chromium to close a page; a Chromium that cannot is ended.
_CLOSE: Final = 2.0
#: Seconds to open a page.
_OPEN: Final = 10.0


class _StuckError(Exception):
    """Chromium does not answer any more."""


class _Lane:
    """What the host calls by one number."""

    def __init__(self, chromium: Chromium) -> None:
        self._chromium = chromium
        self._turn = asyncio.Lock()
        self._tab: Tab | None = None
        self._uses = 0
        self._stuck = False

    async def do(self, order: Visit | Print, frames: Frames[Order]) -> None:
        """Do it, answer, and leave a clean page or none."""
        until = asyncio.get_running_loop().time() + order.timeout
        async with self._turn:
            clean = False
            try:
                said = await self._answer(order, until)
                await frames.write(said)
                clean = await self._cleaned(order, said)
                if self._stuck:
                    raise _StuckError
            finally:
                if not clean:
                    await self._close()

    async def _answer(
        self, order: Visit | Print, until: float
    ) -> Visited | Printed | Failed:
        try:
            async with asyncio.timeout_at(until):
                tab = await self._opened(order.proxy)
        except TimeoutError:
            self._stuck = True
            what = "Chromium opened no page in time"
            return Failed(id=order.id, reason="timeout", what=what)
        except ChromiumError as error:
            return Failed(id=order.id, reason="browser", what=str(error))
        left = until - asyncio.get_running_loop().time()
        order = msgspec.structs.replace(order, timeout=left)
        if isinstance(order, Print):
            return await print_document(tab, order)
        return await visit(tab, order)

    async def _opened(self, proxy: str) -> Tab:
        known = self._tab is not None and self._tab.proxy == proxy
        if not known or self._uses >= _USES or self._tab is None:
            await self._close()
            async with asyncio.timeout(_OPEN):
                self._tab = await open_tab(self._chromium, proxy)
            self._uses = 0
        self._uses += 1
        return self._tab

    async def _cleaned(
        self, order: Visit | Print, said: Visited | Printed | Failed
    ) -> bool:
        # Names and passwords that were asked for are remembered by Chromium.
        if isinstance(said, Failed) or self._tab is None:
            return False
        if isinstance(order, Visit) and order.login is not None:
            return False
        with suppress(ChromiumError, VisitError, TimeoutError):
            async with asyncio.timeout(_CLOSE):
                await scrub(self._tab)
                return True
        return False

    async def _close(self) -> None:
        tab, self._tab = self._tab, None
        if tab is None:
            return
        try:
            async with asyncio.timeout(_CLOSE):
                with suppress(ChromiumError):
                    await self._chromium.session.call(
                        "Target.disposeBrowserContext", browserContextId=tab.context
                    )
        except TimeoutError as error:
            raise _StuckError from error


async def serve(frames: Frames[Order], chromium: Chromium) -> None:
    """Work until the host is gone, Chromium has ended or does not answer."""
    await _refuse_windows(chromium)
    with suppress(BaseExceptionGroup):
        async with asyncio.TaskGroup() as group:
            group.create_task(_watch(chromium))
            await _take_orders(frames, chromium, group)
            raise _StuckError  # nobody is there any more: ends the group


async def _take_orders(
    frames: Frames[Order], chromium: Chromium, group: asyncio.TaskGroup
) -> None:
    lanes: dict[int, _Lane] = {}
    tasks: dict[int, asyncio.Task[None]] = {}
    while (order := await frames.read()) is not None:
        match order:
            case Visit() | Print():
                lane = lanes.setdefault(order.lane, _Lane(chromium))
                task = group.create_task(lane.do(order, frames))
                tasks[order.id] = task
                task.add_done_callback(partial(_forget, tasks, order.id))
            case Abort() if order.id in tasks:
                tasks[order.id].cancel()
            case Abort() | Start():
                pass


def _forget(
    tasks: dict[int, asyncio.Task[None]], number: int, task: asyncio.Task[None]
) -> None:
    del task
    tasks.pop(number)


async def _watch(chromium: Chromium) -> None:
    await chromium.ended()
    raise _StuckError


async def _refuse_windows(chromium: Chromium) -> None:
    """Close what a page opens in spite of the flag."""
    browser = chromium.session

    def on_target(event: Mapping[str, Any]) -> None:
        target = event["targetInfo"]
        if target["type"] == "page" and target.get("openerId"):
            browser.tell("Target.closeTarget", targetId=target["targetId"])

    browser.on("Target.targetCreated", on_target)
    await browser.call("Target.setDiscoverTargets", discover=True)
