"""Events: what happened, told to whoever wants to know."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar

import msgspec

__all__ = ["Event", "EventStream", "SubscriptionSpec"]


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened, as its subscribers see it.

    Attributes:
        id: A UUID; later events of a process have greater ones, as text too.
        name: What happened: `metric.collected`.
        source: Id of the plugin that published it; `nxforge` is the host.
        at: When it was published, aware UTC.
        data: As JSON has it, in every process alike: an instant is text, a number
            with a fraction is a `Decimal`.
    """

    id: str
    name: str
    source: str
    at: datetime
    data: Mapping[str, Any]


class EventStream(msgspec.Struct, frozen=True, kw_only=True):
    """What a route answers that goes on telling: server-sent events.

    The host writes them, with ids, a sign of life when nothing happens and an event
    `end` when it stops. A consumer that comes back with `Last-Event-ID` gets what it
    missed, as far as that is remembered.

    ::

        async def stream(ctx: PluginContext) -> EventStream:
            return EventStream(names=("metric.collected",), first=await live(ctx))

    Attributes:
        names: Names and patterns; of them those that the plugin published itself, or
            that `events.listens` of its manifest lists.
        first: An object that a new consumer is told before, as the event `first`.
        keep: Which of the events are told; by default all.
    """

    documented_as: ClassVar = "text/event-stream"

    names: tuple[str, ...]
    first: object = None
    keep: Callable[[Event], bool] | None = None


class SubscriptionSpec(msgspec.Struct, frozen=True):
    """What a plugin wants to hear, and who hears it.

    The handler is `async def handler(ctx: PluginContext, event: Event)`. It is called
    for one event after the other; one that raises or takes too long is logged and
    counted, and neither the producer nor another subscriber notices.

    ::

        async def warm(ctx: PluginContext, event: Event) -> None:
            ctx.log.info("collected", endpoint=event.data["endpointName"])

        SubscriptionSpec("metric.collected", warm)

    Attributes:
        pattern: A name, `job.*` for all that begin so, or `*`. `events.listens` of
            the manifest must name it.
        durable: False: every process that runs the plugin is told, at once and at
            best; what it cannot take in time is lost. True: exactly one process is
            told, at least once and again after a failure, also when processes die
            meanwhile, so the handler must stand being told twice.
        name: Kebab-case, unique in the plugin; by default the function's. What a
            durable one still has to be told is kept under it.
        timeout: Seconds after which the handler is cancelled.
    """

    pattern: str
    handler: Callable[..., Awaitable[None]]
    durable: bool = False
    name: str = ""
    timeout: float = 30.0

    @property
    def label(self) -> str:
        """Its name, or the function's with hyphens."""
        own = getattr(self.handler, "__name__", "handler")
        return self.name or own.strip("_").replace("_", "-").lower()
