# ruff: noqa: ASYNC110 - asks the engine, which sets no event
"""A host in this process that collects from simulated meters."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final
from uuid import uuid4

from nxforge_core.api import Database, PluginId, Record, RunId
from nxforge_core.host import NxForge
from nxforge_core.settings import JobSettings, NetworkSettings, PluginSettings, Settings

__all__ = ["Collection", "another_worker", "collecting", "install_plain_jobs"]

MONITOR: Final = PluginId("consumption-monitor")
_PLAIN: Final = "plain-jobs"
_RULES: Final = json.dumps(
    {
        "rules": [
            {
                "quantity": quantity,
                "steps": [
                    {"step": "json", "path": path},
                    {"step": "unit", "fixed": unit},
                ],
            }
            for quantity, path, unit in (
                ("energy", "kwh", "kWh"),
                ("power", "kw", "kW"),
            )
        ]
    }
)
_ADD: Final = """
with fresh as (
    insert into endpoint (id, name, url, interval_s, phase_s, tz)
    select id, name, url, $4, $5, 'UTC'
    from unnest($1::uuid[], $2::text[], $3::text[]) as f (id, name, url)
    returning id
), ruled as (
    insert into extraction_rule (endpoint_id, version, rules)
    select id, 1, $6::text::jsonb from fresh
), guarded as (
    insert into endpoint_state (endpoint_id) select id from fresh
)
insert into channel_state (endpoint_id, channel) select id, 'total' from fresh
"""
_FORGET: Final = "truncate endpoint, scrape_attempt cascade"
_ANALYZE: Final = "analyze endpoint, endpoint_state, channel_state, extraction_rule"
_WORKERS: Final = """
select count(distinct worker) from run where parent = $1
"""
_ENDED: Final = """
select state, result, error::text as error,
    extract(epoch from started_at)::double precision as began,
    extract(epoch from finished_at)::double precision as ended
from run where id = $1
"""
_PLAIN_JOBS: Final = """
from nxforge_core.api import Every, JobSpec, hookimpl

async def nothing(ctx, params):
    return None

@hookimpl
def nxforge_jobs():
    return [
        JobSpec(name=f"plain-{n}", title="Nothing", handler=nothing,
                trigger=Every(seconds=seconds))
        for n, seconds in enumerate((1, 1, 1, 3))
    ] + [JobSpec(name="wish", title="Nothing", handler=nothing, overlap="allow")]
"""


def install_plain_jobs(folder: Path) -> None:
    """A plugin with four jobs that run 200 times a minute, and one on demand."""
    package = folder / "nxforge_plain_jobs"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(_PLAIN_JOBS)
    manifest = {
        "id": _PLAIN,
        "display_name": "Plain jobs",
        "description": "Runs that do nothing.",
        "core": ">=0.1",
    }
    (package / "manifest.json").write_text(json.dumps(manifest))
    metadata = folder / "nxforge_plain_jobs-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: nxforge-plain-jobs\nVersion: 1.0\n"
    )
    (metadata / "entry_points.txt").write_text(
        "[nxforge.plugins]\nplain-jobs = nxforge_plain_jobs\n"
    )


class Collection:
    """What is done with the host.

    Attributes:
        core: Its own tables.
        monitor: Those of the plugin.
    """

    def __init__(self, host: NxForge, core: Database, monitor: Database) -> None:
        self._host = host
        self.core = core
        self.monitor = monitor

    async def add(self, count: int, ports: Sequence[int], interval: int) -> None:
        """Add endpoints, spread over the ports and all due at one instant."""
        urls = [f"http://127.0.0.1:{ports[n % len(ports)]}/{n}" for n in range(count)]
        ids = [str(uuid4()) for _ in urls]
        await self.monitor.execute(_ADD, ids, ids, urls, interval, 0, _RULES)
        # As autovacuum would, if the benchmark waited for it.
        await self.monitor.execute(_ANALYZE)

    async def forget(self) -> None:
        """Delete all endpoints."""
        await self.monitor.execute(_FORGET)

    async def all_due(self) -> None:
        """Make every endpoint due now."""
        await self.monitor.execute("update endpoint_state set last_slot = null")

    async def begin(self, plugin: str, job: str) -> RunId:
        """Ask for a run."""
        running = await self._host.start()
        return await running.engine.run_now(PluginId(plugin), job, None, "benchmark")

    async def workers(self, run: RunId) -> int:
        """How many processes took part in a round."""
        return int(await self.core.fetchval(_WORKERS, run))

    async def collect(self) -> tuple[RunId, Record]:
        """One round and its end.

        Raises:
            RuntimeError: it failed.
        """
        run = await self.begin(MONITOR, "collect-consumption")
        while True:
            await asyncio.sleep(0.05)
            row = await self.core.fetchrow(_ENDED, run)
            if row is not None and row["ended"] is not None:
                break
        if row["state"] != "succeeded":
            raise RuntimeError(dict(row))
        return run, row


@asynccontextmanager
async def collecting(
    data: Path, *, scheduler: bool, plain: bool = False
) -> AsyncIterator[Collection]:
    """Run a host with the consumption monitor; with `plain`, the plain jobs too."""
    enable = (MONITOR, _PLAIN) if plain else (MONITOR,)
    settings = Settings(
        data_dir=data,
        plugins=PluginSettings(enable=enable),
        network=NetworkSettings(allow=("127.0.0.1",)),
        jobs=JobSettings(scheduler=scheduler),
    )
    async with NxForge(settings) as host:
        running = await host.start()
        context = running.started[MONITOR].context
        while running.engine.state == "starting":
            await asyncio.sleep(0.05)
        gc.freeze()  # as the commands do
        yield Collection(host, running.core.database, context.db)


@asynccontextmanager
async def another_worker(data: Path) -> AsyncIterator[None]:
    """`nxforge worker` on the same data directory, as long as the block lasts."""
    environment = {
        **os.environ,
        "NXFORGE_DATA_DIR": str(data),
        "NXFORGE_PLUGINS_ENABLE": MONITOR,
        "NXFORGE_NETWORK_ALLOW": "127.0.0.1",
    }
    process = await asyncio.create_subprocess_exec(  # our own command
        str(Path(sys.executable).parent / "nxforge"),
        "worker",
        env=environment,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stderr is not None  # it is a pipe
        async for line in process.stderr:
            if b"worker runs" in line:
                break
        # Its engine begins a moment after.
        await asyncio.sleep(3)
        yield
    finally:
        process.terminate()
        await process.communicate()
