"""One stream for all tabs of a browser: that something happened, once a second."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from typing import Annotated, Final

from litestar.params import HeaderParameter, Parameter

from nxforge_core.api import RouteSpec
from nxforge_core.events import Parcel, Tap, matches_any
from nxforge_core.security import Principal
from nxforge_core.ui import own_assets

from ._context import CoreContext, Host
from ._events import wanted_by
from ._look import STREAM
from ._security import CallerRequest
from ._streams import StreamAnswer
from ._telling import ENCODE, FIRST, LONGEST, SILENT, frame

__all__ = ["ROUTES"]

_READ: Final = "nxforge:pages:read"
#: Seconds between two times that a page is told of changes.
_PACE: Final = 1.0

_Names = Annotated[str, Parameter(max_length=2000)]


async def stream_changes(
    ctx: CoreContext,
    request: CallerRequest,
    names: _Names = "",
    full: _Names = "",
    last_event: Annotated[str | None, HeaderParameter(name="Last-Event-ID")] = None,
) -> StreamAnswer:
    """Names of events that happened (`changed`), and whole events (`told`).

    Besides, `edition` when other plugins, or others of their files, are at work.

    The names of `names` are told once a second at the most however often they happened,
    each event of `full` with its data. A reader is told what they may see.
    """
    watch = _Watch(ctx, request.user, _list(names), _list(full))
    streams, hub = ctx.host.page_streams, ctx.host.hub
    streams.admit()
    tap = hub.open_tap(watch.wants)

    def left() -> None:
        hub.close_tap(tap)
        streams.leave()

    again = last_event is not None
    return StreamAnswer(_tell(tap, watch, ctx.host, again=again), left)


class _Watch:
    """Decides which events a page is told, and remembers which names are to be told."""

    def __init__(
        self,
        ctx: CoreContext,
        reader: Principal,
        names: tuple[str, ...],
        full: tuple[str, ...],
    ) -> None:
        self._may_see = wanted_by(ctx, reader)
        self._names = names
        self._full = full
        self.changed: set[str] = set()

    def wants(self, parcel: Parcel) -> bool:
        """Whether it waits in the queue: only the first of a name, and whole events."""
        if not self._may_see(parcel):
            return False
        known = parcel.name in self.changed
        if not known and matches_any(self._names, parcel.name):
            self.changed.add(parcel.name)
            return True
        return self.is_full(parcel)

    def is_full(self, parcel: Parcel) -> bool:
        """Whether it is told with its data."""
        return bool(self._full) and matches_any(self._full, parcel.name)


async def _tell(
    tap: Tap, watch: _Watch, host: Host, *, again: bool
) -> AsyncGenerator[bytes, None]:
    clock = asyncio.get_running_loop().time
    end = clock() + LONGEST
    yield FIRST
    # The id lets a browser that comes again say so.
    edition = host.edition
    hello = {"digest": own_assets().digest, "missed": again, "edition": edition}
    yield b"id: 1\n" + _event("hello", hello)
    while True:
        parcels = await tap.next(min(SILENT, max(end - clock(), 0.0)))
        text = b"".join(_told(parcel) for parcel in parcels if watch.is_full(parcel))
        changed = sorted(watch.changed)
        watch.changed.clear()
        if changed:
            text += _event("changed", changed)
        if host.edition != edition:
            edition = host.edition
            text += _event("edition", edition)
        # A comment would keep proxies awake as well, but no script hears one.
        yield text or _event("alive", [])
        if tap.ended or clock() >= end:
            return
        await host.page_streams.pause(_PACE)


def _told(parcel: Parcel) -> bytes:
    event = parcel.open()
    return _event(
        "told", {"name": event.name, "id": event.id, "at": event.at, "data": event.data}
    )


def _event(name: str, content: Mapping[str, object] | list[str] | str) -> bytes:
    return frame(name, ENCODE(content))


def _list(text: str) -> tuple[str, ...]:
    return tuple(each for each in text.split(",") if each)


ROUTES = [RouteSpec("GET", STREAM, stream_changes, permission=_READ)]
