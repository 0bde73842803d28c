"""The hub: events from producers to subscribers, in this process and in all others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from secrets import token_hex
from typing import Any, Final, TypeAlias

import msgspec

from nxforge_core.api import Clock, Database, Log, PluginContext, SubscriptionSpec

from ._counts import EventCounts
from ._errors import ForeignEventError
from ._inbox import Inbox
from ._listener import Listener
from ._parcel import Parcel, Wrapper
from ._patterns import matches_any
from ._post import Post
from ._subscriber import Subscriber

__all__ = ["EventHub", "Subscription"]

#: A plugin's wish and the context its handler is called with.
Subscription: TypeAlias = tuple[SubscriptionSpec, PluginContext[Any]]
_Data: TypeAlias = Mapping[str, object] | msgspec.Struct

#: Seconds for what still waits when the host stops, and for handlers to end.
_LAST: Final = 1.0


class EventHub:
    """Tells subscribers what producers publish; a process has one.

    What is published is told here at once. The other processes hear it from the
    database, over the one connection that the host listens on.

    Args:
        database: On the core's schema.
        listener: The host's.
        logs: Makes the log of a plugin; of None the host's.
    """

    def __init__(
        self,
        database: Database,
        listener: Listener,
        clock: Clock,
        logs: Callable[[str | None], Log],
    ) -> None:
        self.counts: Final = EventCounts()
        self._logs = logs
        self._wrapper = Wrapper(clock)
        self._subscribers: list[Subscriber] = []
        sender = token_hex(8)
        self._post = Post(database, sender, logs(None), self.counts)
        self._inbox = Inbox(database, listener, sender, logs(None), self._deliver)

    async def publish(
        self, source: str, emits: tuple[str, ...], name: str, batch: Iterable[_Data]
    ) -> None:
        """Publish events of one name; whatever is wrong with them is only logged.

        Args:
            source: The plugin that publishes.
            emits: Names and patterns that it may publish.
            name: Of all of them.
            batch: Data of each event.
        """
        try:
            if not matches_any(emits, name):
                raise ForeignEventError(name, emits)  # noqa: TRY301 - logged like others
            parcels = [self._wrapper.wrap(source, name, data) for data in batch]
        except Exception as error:  # noqa: BLE001 - a producer never fails by an event
            self.counts.add(source, "refused")
            why = f"{type(error).__name__}: {error}"
            self._logs(source).error("event_refused", event_name=name, why=why)
            return
        self.counts.add(source, "published", len(parcels))
        for parcel in parcels:
            self._deliver(parcel)
            self._post.put(parcel)

    async def run(self) -> None:
        """Exchange events with other processes until cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._post.run())
                group.create_task(self._inbox.run())
        finally:
            with suppress(Exception):
                async with asyncio.timeout(_LAST):
                    await self._post.send()

    @asynccontextmanager
    async def subscribed(self, wanted: Sequence[Subscription]) -> AsyncIterator[None]:
        """Call the handlers of subscriptions while the block runs."""
        loop = asyncio.get_running_loop()
        new = [Subscriber(spec, context, self.counts) for spec, context in wanted]
        # Not a TaskGroup: a handler that ignores its cancellation must not keep the
        # host from stopping. The name tells the watchdog whose code it is.
        tasks = {
            loop.create_task(each.run(), name=f"nxforge events of {each.plugin}")
            for each in new
        }
        self._subscribers += new
        try:
            yield
        finally:
            self._subscribers = [one for one in self._subscribers if one not in new]
            for task in tasks:
                task.cancel()
            if tasks:
                await asyncio.wait(tasks, timeout=_LAST)

    def _deliver(self, parcel: Parcel) -> None:
        for subscriber in self._subscribers:
            subscriber.offer(parcel)
