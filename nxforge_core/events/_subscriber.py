"""One subscription in this process: a bounded queue, and a task that empties it."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from nxforge_core.api import Log, PluginContext, SubscriptionSpec

from ._counts import EventCounts
from ._errors import SlowHandlerError
from ._parcel import Parcel
from ._patterns import matches

__all__ = ["Subscriber", "call"]

_MOST: Final = 1_000


class Subscriber:
    """Hands events to a handler, one after the other; what it cannot take is lost.

    Args:
        context: Of the plugin whose subscription it is.
        most: Events that wait at the most.
    """

    def __init__(
        self,
        spec: SubscriptionSpec,
        context: PluginContext[Any],
        counts: EventCounts,
        most: int = _MOST,
    ) -> None:
        self.spec = spec
        self._context = context
        self._counts = counts
        self._most = most
        self._queue: asyncio.Queue[Parcel] = asyncio.Queue()
        self._dropped = 0

    @property
    def plugin(self) -> str:
        """Whose it is."""
        return self._context.plugin.id

    def offer(self, parcel: Parcel) -> None:
        """Queue an event if it is one that is wanted and there is room."""
        if not matches(self.spec.pattern, parcel.name):
            return
        if self._queue.qsize() >= self._most:
            self._drop(parcel)
            return
        self._queue.put_nowait(parcel)

    async def run(self) -> None:
        """Hand over until cancelled."""
        while True:
            parcel = await self._queue.get()
            if self._dropped and self._queue.empty():
                self._context.log.warning(
                    "events_dropped", subscription=self.spec.label, lost=self._dropped
                )
                self._dropped = 0
            fate = await call(self.spec, self._context, parcel)
            self._counts.add(self.plugin, "delivered" if fate is None else "failed")

    def _drop(self, parcel: Parcel) -> None:
        if not self._dropped:
            self._context.log.warning(
                "subscriber_too_slow",
                subscription=self.spec.label,
                event_name=parcel.name,
                waiting=self._most,
            )
        self._dropped += 1
        self._counts.add(self.plugin, "dropped")


async def call(
    spec: SubscriptionSpec, context: PluginContext[Any], parcel: Parcel
) -> str | None:
    """Call a handler; None, or why it failed, which is logged."""
    timer = asyncio.timeout(spec.timeout)
    try:
        async with timer:
            await spec.handler(context, parcel.open())
    except asyncio.CancelledError as error:
        if (task := asyncio.current_task()) is None or task.cancelling():
            raise
        return _tell(context.log, spec, parcel, error)  # it cancelled itself
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever it is, it is the handler's
        slow = SlowHandlerError(spec.timeout) if timer.expired() else None
        return _tell(context.log, spec, parcel, slow or error)
    return None


def _tell(
    log: Log, spec: SubscriptionSpec, parcel: Parcel, error: BaseException
) -> str:
    why = f"{type(error).__name__}: {error}"
    log.error(
        "subscriber_failed",
        subscription=spec.label,
        event_name=parcel.name,
        event_id=parcel.id,
        why=why,
        exc_info=error,
    )
    return why
