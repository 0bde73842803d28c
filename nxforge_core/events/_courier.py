"""One durable subscription in this process: takes what is due and has it handled."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any, Final

from nxforge_core.api import PluginContext, SubscriptionSpec

from ._counts import EventCounts
from ._keeper import Due, Keeper
from ._patterns import matches
from ._subscriber import call

__all__ = ["Courier"]

_BATCH: Final = 10
#: Seconds before the second try, doubled for each further one, up to the second.
_PAUSE: Final = 2.0
_LONGEST_PAUSE: Final = 600.0
#: After these, nine hours of them, an event is given up and kept a week to be seen.
_TRIES: Final = 60
#: Seconds between two looks when nothing was notified: a notice may be lost.
_LOOK: Final = 60.0
#: Seconds for the last words to the database.
_LAST: Final = 1.0


class Courier:
    """Has events handled one after the other, each by one process at a time.

    Args:
        context: Of the plugin whose subscription it is.
        pause: Seconds before a second try.
    """

    def __init__(
        self,
        spec: SubscriptionSpec,
        context: PluginContext[Any],
        keeper: Keeper,
        counts: EventCounts,
        pause: float = _PAUSE,
    ) -> None:
        self.spec = spec
        self._context = context
        self._keeper = keeper
        self._counts = counts
        self._pause = pause
        self._some = asyncio.Event()
        self._held: dict[int, Due] = {}

    @property
    def plugin(self) -> str:
        """Whose it is."""
        return self._context.plugin.id

    def remind(self, name: str | None = None) -> None:
        """Look into the table: such an event is there, or something was missed."""
        if name is None or matches(self.spec.pattern, name):
            self._some.set()

    async def run(self) -> None:
        """Work until cancelled."""
        try:
            while True:
                self._some.clear()
                pause = await self._round()
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await self._some.wait()
        finally:
            if self._held:
                with suppress(Exception):
                    async with asyncio.timeout(_LAST):
                        await self._keeper.give_back(self._held)

    async def _round(self) -> float:
        """Take and handle all that is due; seconds until the next look."""
        try:
            while taken := await self._take():
                async with asyncio.TaskGroup() as group:
                    renewing = group.create_task(self._renew())
                    for due in taken:
                        await self._handle(due)
                    renewing.cancel()
            due_in = await self._keeper.next_due(self.plugin, self.spec.label)
        except Exception as error:  # noqa: BLE001 - whatever it is, it may be over soon
            self._held.clear()
            self._context.log.warning(
                "events_not_taken", subscription=self.spec.label, why=repr(error)
            )
            return self._keeper.lease
        return _LOOK if due_in is None else min(due_in + 0.05, _LOOK)

    async def _take(self) -> list[Due]:
        taken = await self._keeper.take(self.plugin, self.spec.label, _BATCH)
        self._held = {due.delivery: due for due in taken}
        return taken

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(self._keeper.lease / 3)
            with suppress(Exception):
                await self._keeper.renew(self._held)

    async def _handle(self, due: Due) -> None:
        why = await call(self.spec, self._context, due.parcel)
        self._counts.add(self.plugin, "delivered" if why is None else "failed")
        if why is None:
            await self._keeper.done(due.delivery)
        else:
            await self._retry(due, why)
        self._held.pop(due.delivery, None)

    async def _retry(self, due: Due, why: str) -> None:
        last = due.tries >= _TRIES
        pause = min(self._pause * 2 ** min(due.tries - 1, 30), _LONGEST_PAUSE)
        await self._keeper.again(due.delivery, why, None if last else pause)
        if last:
            self._context.log.error(
                "event_given_up",
                subscription=self.spec.label,
                event_id=due.parcel.id,
                tries=due.tries,
            )
