"""The log of a run as a stream: for as long as its reader may read it."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from types import SimpleNamespace
from typing import Any

from nxforge_core.builtin import LiveStreams
from nxforge_core.builtin._run_events import follow_run
from nxforge_core.jobs import Pulse

RUNNING = Pulse(
    state="running", attempt=1, note=None, ended=False, progress=None, lines=0
)


async def test_reader_who_may_less_is_asked_again() -> None:
    """Whatever is revoked ends the stream at its next look; the run goes on."""

    async def pulse(_: int) -> Pulse:
        return RUNNING

    streams = LiveStreams(asyncio.Event())
    host = SimpleNamespace(runs=SimpleNamespace(pulse=pulse), streams=streams)
    ctx: Any = SimpleNamespace(host=host)
    answer = await follow_run(ctx, 7)
    async with aclosing(answer.events) as events:
        begun = [await anext(events) for _ in range(2)]
        streams.renew()
        rest = [block async for block in events]

    assert b"event: state" in begun[1]
    assert b'"reason":"stopped"' in rest[-1]
