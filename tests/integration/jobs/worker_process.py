# ruff: noqa: ASYNC110 - polls the database, where nobody sets an event
"""A worker in a process of its own, for tests that kill it: not a test itself.

The first line of standard input is the database's address. Each run of the job `write`
takes some time and stores one row through its fenced transaction. Each run of the job
`add` has twenty shards, which give their numbers.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import msgspec
from contexts import job_plugin_context

from nxforge_core.api import (
    FanOut,
    JobContext,
    JobSpec,
    NoParams,
    PluginContext,
    PluginId,
)
from nxforge_core.database import Pool, ServerAddress
from nxforge_core.events import Listener
from nxforge_core.jobs import Engine, EngineOptions
from nxforge_core.services import SystemClock, beside


async def write(ctx: JobContext, _params: NoParams) -> None:
    """Store one row, once."""
    await asyncio.sleep(0.3)
    async with ctx.transaction() as connection:
        await connection.execute(
            "insert into nxforge.written values ($1) on conflict do nothing",
            ctx.run.id,
        )
        await asyncio.sleep(0.05)


class Number(msgspec.Struct, frozen=True):
    """What a shard of `add` gives; 0 is the run that fans out."""

    number: int = 0


async def add(_ctx: JobContext, params: Number) -> object:
    """Add up the numbers from 1 to 20, each in a shard."""
    await asyncio.sleep(0.05)
    if not params.number:
        return FanOut(tuple(Number(number) for number in range(1, 21)))
    return {"sum": params.number}


JOBS = {
    "write": JobSpec(name="write", title="Write", handler=write, overlap="allow"),
    "add": JobSpec(
        name="add", title="Add", handler=add, params=Number, overlap="allow"
    ),
}


class TwoJobs:
    """A registry of those jobs."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool

    def jobs(self) -> list[tuple[PluginId, JobSpec]]:
        """Both."""
        return [(PluginId("meter-probe"), spec) for spec in JOBS.values()]

    def job(self, plugin: PluginId, name: str) -> JobSpec | None:
        """One of them."""
        return JOBS.get(name) if plugin == "meter-probe" else None

    def context(self, plugin: PluginId) -> PluginContext[Any]:
        """A context with what the jobs use of it."""
        return job_plugin_context(plugin, self.pool)


async def main(address: ServerAddress, options: EngineOptions) -> None:
    """Work until killed."""
    pool = Pool(address, search_path="nxforge", size=8)
    listener = Listener(address)
    engine = Engine(pool, address, TwoJobs(pool), SystemClock(), options, listener)
    async with beside(listener.run()):
        await engine.start()
        while engine.state != "running":
            await asyncio.sleep(0.02)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    given = msgspec.json.decode(
        sys.stdin.buffer.readline(), type=tuple[ServerAddress, EngineOptions]
    )
    asyncio.run(main(*given))
