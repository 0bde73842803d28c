"""A plugin that comes and goes beside one that is asked all the time."""

from __future__ import annotations

import asyncio
import gc
import importlib
import tracemalloc
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from distributions import Site

from nxforge_core.settings import JobSettings, ServerSettings

Start = Callable[..., Awaitable[Any]]

STEADY = """
from nxforge_core.api import *


async def tell(ctx: PluginContext) -> int:
    return await ctx.db.fetchval("select 1")


@hookimpl
def nxforge_routes():
    return [RouteSpec("GET", "/tell", tell, public=True)]
"""
COMING = (
    STEADY
    + """
BALLAST = bytearray(3_000_000)


async def count(ctx: JobContext, params: NoParams) -> None:
    pass




@hookimpl
def nxforge_jobs():
    return [JobSpec(name="count", title="Count", handler=count, trigger=Every(hours=1))]
"""
)
#: Four generations of the plugin weigh as much: the last one may still be held, and a
#: table of the interpreter's own (interned names) may have been made larger.
_MAY_GROW = 12_000_000


class Asking:
    """Asks the steady plugin again and again, and counts what it is answered."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.answers: Counter[int] = Counter()

    async def go_on(self) -> None:
        """Ask until cancelled."""
        while True:
            answer = await self._client.get("/api/v1/m/steady/tell")
            self.answers[answer.status_code] += 1
            await asyncio.sleep(0.005)


class Changing:
    """An admin who enables a plugin, changes its files, reloads and disables it."""

    def __init__(self, client: Any, headers: dict[str, str], folder: Path) -> None:
        self._client = client
        self._headers = headers
        self._file = folder / "plugin.py"

    async def round(self, number: int) -> None:
        """Do it once."""
        await self._say("enable")
        self._file.write_text(f"{COMING}\nNUMBER = {number}\n", "utf-8")
        importlib.invalidate_caches()
        await self._say("reload")
        await self._client.get("/api/v1/m/coming/tell")
        await self._say("disable")

    async def _say(self, word: str) -> None:
        path = f"/api/v1/plugins/coming/{word}"
        answer = await self._client.post(path, headers=self._headers)
        state = "disabled" if word == "disable" else "running"
        assert (answer.status_code, answer.json()["data"]["state"]) == (200, state)


async def _connections(host: Any) -> int:
    count = await host.running.core.database.fetchval(
        "select count(*) from pg_stat_activity where datname = current_database()"
        " and application_name = 'nxforge coming'"
    )
    return int(count)


@pytest.mark.parametrize(
    "rounds", [3, pytest.param(100, marks=[pytest.mark.long, pytest.mark.timeout(900)])]
)
async def test_neighbour_that_comes_and_goes_is_not_felt(
    start: Start, site: Site, rounds: int
) -> None:
    """No request to another plugin fails; what each generation held is given back."""
    site.add("steady", STEADY)
    folder = site.add("coming", COMING)
    unlimited = ServerSettings(stranger_rate=1_000_000)
    host = await start("steady", jobs=JobSettings(grace=1.0), server=unlimited)
    changing = Changing(host.client, await host.bearer("admin"), folder)
    asking = Asking(host.client)

    async with asyncio.TaskGroup() as group:
        task = group.create_task(asking.go_on())
        await changing.round(0)
        gc.collect()
        tracemalloc.start()
        for number in range(1, rounds + 1):
            await changing.round(number)
        gc.collect()
        grown, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        task.cancel()

    assert set(asking.answers) == {200}
    assert asking.answers[200] > rounds
    assert grown < _MAY_GROW, f"{grown / 1e6:.1f} MB more after {rounds} rounds"
    assert await _connections(host) == 0
