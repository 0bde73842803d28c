"""The hub: events from producers to subscribers, in this process and in all others."""

from __future__ import annotations

import asyncio
from collections.abc import (
    AsyncIterator,
    Callable,
    Collection,
    Iterable,
    Mapping,
    Sequence,
)
from contextlib import asynccontextmanager, suppress
from secrets import token_hex
from typing import Any, Final, TypeAlias, TypeVar

import msgspec

from nxforge_core.api import Clock, Database, Log, PluginContext, SubscriptionSpec

from ._counts import EventCounts
from ._courier import Courier
from ._errors import ForeignEventError
from ._inbox import Inbox
from ._keeper import Keeper
from ._listener import Listener
from ._memory import Memory, Wanted
from ._parcel import Parcel, Wrapper
from ._patterns import matches_any
from ._post import Post
from ._subscriber import Subscriber
from ._tap import Tap
from ._upkeep import keep_patterns, keep_tables

__all__ = ["EventHub", "Subscription"]

#: A plugin's wish and the context its handler is called with.
Subscription: TypeAlias = tuple[SubscriptionSpec, PluginContext[Any]]
_W = TypeVar("_W", Subscriber, Courier)
_Data: TypeAlias = Mapping[str, object] | msgspec.Struct

#: Seconds for what still waits when the host stops, and for handlers to end.
_LAST: Final = 1.0
#: Seconds without a sign of life after which a durable event is somebody else's.
_LEASE: Final = 30.0


class EventHub:
    """Tells subscribers and consumers what producers publish; a process has one.

    What is published is told here at once. The other processes hear it from the
    database, over the one connection that the host listens on.

    Attributes:
        counts: What became of events in this process.
        memory: The newest of them.

    Args:
        database: On the core's schema.
        listener: The host's.
        logs: Makes the log of a plugin; of None the host's.
        lease: Seconds after which another process takes over what a dead one had in
            hand.
    """

    def __init__(
        self,
        database: Database,
        listener: Listener,
        clock: Clock,
        logs: Callable[[str | None], Log],
        lease: float = _LEASE,
    ) -> None:
        self.counts: Final = EventCounts()
        self._logs = logs
        self._log = log = logs(None)
        self._listener = listener
        self._wrapper = Wrapper(clock)
        self._subscribers: list[Subscriber] = []
        self._couriers: list[Courier] = []
        self._taps: list[Tap] = []
        self._listened = False
        self.memory: Final = Memory()
        sender = token_hex(8)
        self._keeper = Keeper(database, sender, lease)
        self._post = Post(database, sender, log, self.counts, self._store)
        self._inbox = Inbox(
            database, listener, sender, log, self._deliver, self._listening
        )

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
            self._tell(parcel)
        stored = not self._keeper.wants(name) or await self._stored(parcels)
        for parcel in parcels:
            self._post.put(parcel, stored=stored)

    async def run(self) -> None:
        """Exchange events with other processes until cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._post.run())
                group.create_task(self._inbox.run())
                group.create_task(
                    keep_patterns(self._keeper, self._listener, self._log)
                )
                group.create_task(keep_tables(self._keeper, self._log))
        finally:
            with suppress(Exception):
                async with asyncio.timeout(_LAST):
                    await self._post.send()

    def open_tap(self, wanted: Wanted, last: str | None = None) -> Tap:
        """Let a consumer have events; it must `close_tap`.

        Args:
            wanted: Tells which.
            last: Id of the last event the consumer had: what came after it is told
                first, as far as it is remembered.
        """
        tap = Tap(wanted)
        if last is not None:
            parcels, whole = self.memory.after(last)
            for parcel in parcels:
                tap.offer(parcel)
            tap.missed = not whole
        self._taps.append(tap)
        return tap

    def close_tap(self, tap: Tap) -> None:
        """Let it have no more."""
        self._taps.remove(tap)

    def wake_taps(self) -> None:
        """Have every consumer outside look around."""
        for tap in self._taps:
            tap.wake()

    def end_taps(self, why: str) -> None:
        """Tell all consumers that nothing more comes."""
        for tap in self._taps:
            tap.end(why)

    @asynccontextmanager
    async def subscribed(
        self, wanted: Sequence[Subscription], plugins: Collection[str]
    ) -> AsyncIterator[None]:
        """Call the handlers of subscriptions while the block runs.

        Args:
            wanted: All that these plugins want.
            plugins: What else they wanted durably is forgotten.
        """
        couriers = [
            Courier(spec, context, self._keeper, self.counts)
            for spec, context in wanted
            if spec.durable
        ]
        subscribers = [
            Subscriber(spec, context, self.counts)
            for spec, context in wanted
            if not spec.durable
        ]
        wishes = [(one.plugin, one.spec.label, one.spec.pattern) for one in couriers]
        await self._keeper.register(plugins, wishes)
        self._subscribers += subscribers
        self._couriers += couriers
        try:
            async with _at_work([*subscribers, *couriers]):
                yield
        finally:
            self._subscribers = _without(self._subscribers, subscribers)
            self._couriers = _without(self._couriers, couriers)
            self._keeper.leave(plugins)

    def _deliver(self, parcel: Parcel) -> None:
        """Take an event that came from elsewhere, stored where that is wanted."""
        self._tell(parcel)
        self._remind(parcel.name)

    def _tell(self, parcel: Parcel) -> None:
        for subscriber in self._subscribers:
            subscriber.offer(parcel)
        self.memory.add(parcel)
        for tap in self._taps:
            tap.offer(parcel)

    def _listening(self) -> None:
        """Notices come from now on; those before, the first time but, are lost."""
        self._remind()
        if self._listened:
            for tap in self._taps:
                tap.miss()
        self._listened = True

    def _remind(self, name: str | None = None) -> None:
        for courier in self._couriers:
            courier.remind(name)

    async def _stored(self, parcels: list[Parcel]) -> bool:
        try:
            await self._store(parcels)
        except Exception as error:  # noqa: BLE001 - the post tries again
            self._log.warning(
                "events_not_stored", why=repr(error), waiting=len(parcels)
            )
            return False
        return True

    async def _store(self, parcels: list[Parcel]) -> None:
        await self._keeper.store(parcels)
        for name in {parcel.name for parcel in parcels}:
            self._remind(name)


def _without(every: list[_W], gone: list[_W]) -> list[_W]:
    return [one for one in every if one not in gone]


@asynccontextmanager
async def _at_work(workers: Sequence[Subscriber | Courier]) -> AsyncIterator[None]:
    loop = asyncio.get_running_loop()
    # Not a TaskGroup: a handler that ignores its cancellation must not keep the host
    # from stopping. The name says whose code it is.
    tasks = {
        loop.create_task(each.run(), name=f"nxforge events of {each.plugin}")
        for each in workers
    }
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=2 * _LAST)
