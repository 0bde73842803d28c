"""A run's log as it goes on, as server-sent events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Annotated, Final, Literal, assert_never

import msgspec
from litestar.params import HeaderParameter, Parameter

from nxforge_core.api import InvalidInputError, RouteSpec, RunId
from nxforge_core.jobs import (
    FollowEnded,
    LineLogged,
    Pause,
    Progressed,
    RunEvent,
    StateChanged,
    follow,
)

from ._context import CoreContext
from ._streams import LiveStreams, StreamAnswer
from ._telling import ALIVE, FIRST, LONGEST, frame

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
    """Events `line`, `progress`, `state`, then `end`; resumes after `Last-Event-ID`.

    An `end` whose reason is `stopped` asks to come again, with leave that still holds.
    """
    host, run = ctx.host, RunId(run_id)
    await host.runs.pulse(run)
    looks = follow(
        host.runs,
        run,
        _while_allowed(host.streams),
        after=after if last_event is None else _line_number(last_event),
        level=level,
        search=search,
    )
    host.streams.admit()
    return StreamAnswer(_texts(looks), host.streams.leave)


def _while_allowed(streams: LiveStreams) -> Pause:
    """Wait for the next look, until what the reader may do is to be asked again."""
    clock, renewed = asyncio.get_running_loop().time, streams.renewed
    end = clock() + LONGEST

    async def pause() -> bool:
        going = await streams.pause(_LOOK)
        return going and streams.renewed == renewed and clock() < end

    return pause


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
