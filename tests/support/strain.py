"""A plugin that ticks, and ways to strain what it stands on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

import httpx
import psutil
from distributions import Site
from hosts import Installation
from postmaster import Postmaster

__all__ = ["Ticker", "answer", "frozen", "on_own_server", "processes_of"]

_MIGRATION = """-- One row for each slot that was worked off.
create table tick (
    id bigint generated always as identity primary key,
    slot timestamptz not null,
    bulk text
);
"""
_SOURCE = '''
from pathlib import Path

from nxforge_core.api import *

ACKNOWLEDGED = Path({acknowledged!r})
STORE = """
insert into tick (slot, bulk)
select $1, string_agg(gen_random_uuid()::text, '') from generate_series(1, $2::int)
"""


class Count(Model):
    """Ticks."""

    count: int


async def tick(ctx: JobContext, params: NoParams) -> dict[str, int]:
    """Store the slot; say so once it is stored."""
    async with ctx.transaction() as connection:
        await connection.execute(STORE, ctx.run.slot, {bulk})
    with ACKNOWLEDGED.open("a") as file:
        file.write(ctx.run.slot.isoformat() + "\\n")
    ctx.log.info("ticked")
    return {{"ticks": 1}}


async def count(ctx: PluginContext) -> Count:
    """Count."""
    return Count(count=await ctx.db.fetchval("select count(*) from tick"))


@hookimpl
def nxforge_migrations():
    return MigrationsSpec(__package__)


@hookimpl
def nxforge_routes():
    return [RouteSpec("GET", "/count", count, public=True)]


@hookimpl
def nxforge_jobs():
    trigger = Every(seconds={seconds})
    return [JobSpec(name="tick", title="Tick", handler=tick, trigger=trigger)]
'''


class Ticker:
    """The plugin `ticker`: each slot becomes a row, and then a line of a file.

    Args:
        folder: For the plugin and its file.
        seconds: From slot to slot.
        bulk: Size of a row in units of 36 bytes.
    """

    def __init__(self, folder: Path, *, seconds: int = 1, bulk: int = 0) -> None:
        self.site = Site(folder / "site")
        self._acknowledged = folder / "acknowledged"
        words = {"acknowledged": str(self._acknowledged), "bulk": bulk}
        source = _SOURCE.format(seconds=seconds, **words)
        files = {"migrations/001_create_tick.sql": _MIGRATION}
        self.package = self.site.add("ticker", source, files=files)

    def acknowledged(self) -> list[datetime]:
        """Slots of which the plugin said that they are stored."""
        if not self._acknowledged.exists():
            return []
        lines = self._acknowledged.read_text("utf-8").splitlines()
        return [datetime.fromisoformat(line) for line in lines]

    @staticmethod
    def stored(installation: Installation) -> list[datetime]:
        """Slots in the table."""
        rows = installation.query("select slot from nxp_ticker.tick order by slot")
        return [slot for (slot,) in rows]

    def lost(self, installation: Installation) -> int:
        """How many slots were acknowledged and are not there."""
        return len(set(self.acknowledged()) - set(self.stored(installation)))

    def doubles(self, installation: Installation) -> int:
        """How many slots are there more than once."""
        stored = self.stored(installation)
        return len(stored) - len(set(stored))


def answer(client: httpx.Client, path: str) -> int:
    """Status of a GET; 0 where nothing came."""
    with suppress(httpx.TransportError):
        return client.get(path).status_code
    return 0


def processes_of(postmaster: Postmaster) -> list[psutil.Process]:
    """The postmaster and each process it started."""
    assert postmaster.process is not None
    parent = psutil.Process(postmaster.process.pid)
    return [parent, *parent.children(recursive=True)]


@contextmanager
def frozen(processes: Sequence[psutil.Process]) -> Iterator[None]:
    """Stop processes as they are; let them go on at the end of the block."""
    for process in processes:
        process.suspend()
    try:
        yield
    finally:
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.resume()


@contextmanager
def on_own_server(folder: Path, ticker: Ticker) -> Iterator[Installation]:
    """Hosts on a server of their own that find the plugin; none of them is started."""
    postmaster = Postmaster()
    postmaster.start()
    made = Installation(folder, postmaster)
    made.command.path = [str(ticker.site.folder)]
    try:
        yield made
    finally:
        made.stop()
        postmaster.remove()
