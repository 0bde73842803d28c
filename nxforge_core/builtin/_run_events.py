"""A run's log as it goes on, as server-sent events."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from typing import Annotated, Final, Literal, assert_never

import msgspec
from litestar.params import HeaderParameter, Parameter

from nxforge_core.api import InvalidInputError, RouteSpec, RunId
from nxforge_core.jobs import (
    FollowEnded,
    LineLogged,
    Progressed,
    RunEvent,
    StateChanged,
    follow,
)

from ._context import CoreContext
from ._streams import StreamAnswer
from ._telling import ALIVE, FIRST, frame

__all__ = ["ROUTES"]

_LOOK: Final = 0.5
#: Looks without news after which a comment keeps proxies from hanging up: 15 s.
_SILENT: Final = 30
_RANGE = Parameter(ge=0, le=2**63 - 1)
_Number = Annotated[int, _RANGE]
_Level = Literal["debug", "info", "warning", "error", "critical"]


async def follow_run(
    ctx: CoreContext,
    run_id: _Number,
    after: _Number = 0,
    level: _Level | None = None,
    search: Annotated[str | None, Parameter(max_length=200)] = None,
    last_event: Annotated[str | None, HeaderParameter(name="Last-Event-ID")] = None,
) -> StreamAnswer:
    """Events `line`, `progress`, `state`, then `end`; resumes after `Last-Event-ID`."""
    host, run = ctx.host, RunId(run_id)
    await host.runs.pulse(run)
    looks = follow(
        host.runs,
        run,
        lambda: host.streams.pause(_LOOK),
        after=after if last_event is None else _line_number(last_event),
        level=level,
        search=search,
    )
    host.streams.admit()
    return StreamAnswer(_texts(looks), host.streams.leave)


async def _texts(looks: AsyncIterator[list[RunEvent]]) -> AsyncGenerator[bytes, None]:
    yield FIRST
    silent = 0
    async for events in looks:
        silent = 0 if events else silent + 1
        if events:
            yield b"".join(map(_text, events))
        elif silent % _SILENT == 0:
            yield ALIVE


def _text(event: RunEvent) -> bytes:
    match event:
        case LineLogged(line):
            return b"id: %d\n" % line.line + _event("line", line)
        case Progressed(progress):
            return _event("progress", progress)
        case StateChanged():
            return _event("state", event)
        case FollowEnded():
            return _event("end", event)
        case _:
            assert_never(event)


def _event(name: str, content: object) -> bytes:
    return frame(name, msgspec.json.encode(content))


def _line_number(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 18:  # noqa: PLR2004 - a bigint
        return int(text)
    remedy = "send the id of the last event, a number, or no such header"
    raise InvalidInputError(field="Last-Event-ID", value=text, remedy=remedy)


ROUTES = [
    RouteSpec(
        "GET",
        "/api/v1/runs/{run_id:int}/events",
        follow_run,
        permission="nxforge:runs:read",
    )
]
