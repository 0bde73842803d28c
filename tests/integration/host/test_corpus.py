"""The corpus of broken plugins: each is caught where it should be, no other suffers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest
from broken import CORPUS, SOUND, Broken, install
from distributions import Site

from nxforge_core.database import ServerAddress
from nxforge_core.host import Deadlines
from nxforge_core.settings import JobSettings

Start = Callable[..., Awaitable[Any]]

#: Processes that import everything: on a busy machine they take their time.
pytestmark = [pytest.mark.patient, pytest.mark.timeout(120)]

DEADLINES = Deadlines(load=1.0, start=0.3, cancel=0.2)
#: What a host has no reason to complain of is for the kit alone.
LOUD = [each for each in CORPUS if not each.quiet]
BY_ID = {each.id: each for each in LOUD}


def test_corpus_is_what_was_promised() -> None:
    """At least 25 plugins, in every phase."""
    assert len(BY_ID) == len(LOUD) >= 25
    assert {each.phase for each in LOUD} == {
        *("discover", "manifest", "import", "validate", "migrate", "start", "serve")
    }


class Watcher:
    """Somebody at a host with a sound plugin and broken ones."""

    def __init__(self, host: Any, headers: dict[str, str]) -> None:
        self.host = host
        self.headers = headers

    async def get(self, path: str) -> Any:
        """What a path answers."""
        return await self.host.client.get(path, headers=self.headers)

    async def say(self, plugin: str, word: str) -> None:
        """Enable or reload a plugin."""
        path = f"/api/v1/plugins/{plugin}/{word}"
        await self.host.client.post(path, headers=self.headers)

    async def expect_caught(self, broken: Broken) -> None:
        """The host says in which phase it fails, how, and what to do."""
        if broken.phase == "serve":
            await DEEDS[broken.id](self, broken)
            return
        found = self.host.running.inventory[broken.id]
        problem = found.problem
        assert found.state in ("quarantined", "incompatible", "disabled"), found
        assert problem.phase == broken.phase, problem
        assert broken.says in problem.message, problem
        assert broken.remedy in problem.remedy, problem
        assert (await self.get(f"/api/v1/m/{broken.id}/tell")).status_code == 503

    async def expect_sound(self) -> None:
        """The host serves, and so does the plugin that is not broken."""
        told = await self.get("/api/v1/m/sound/tell")
        ready = await self.get("/health/ready")
        assert (told.status_code, ready.status_code) == (200, 200), ready.text
        assert self.host.running.inventory["sound"].state == "running"

    async def run(self, plugin: str) -> dict[str, Any]:
        """Have its job run; answers the run that ended."""
        asked = await self.host.client.post(
            f"/api/v1/jobs/{plugin}/toil/runs", headers=self.headers
        )
        path = f"/api/v1/runs/{asked.json()['data']['id']}"
        while True:
            run = (await self.get(path)).json()["data"]
            if run["finishedAt"]:
                return dict(run)
            await asyncio.sleep(0.05)

    async def health(self, plugin: str) -> dict[str, Any]:
        """How a plugin is, asked now."""
        found = await self.get(f"/api/v1/plugins/{plugin}/health")
        return dict(found.json()["data"])


async def _route_raises(watcher: Watcher, broken: Broken) -> None:
    answer = await watcher.get(f"/api/v1/m/{broken.id}/tell")
    assert str(answer.status_code) == broken.says
    assert "speechless" not in answer.text


async def _job_raises(watcher: Watcher, broken: Broken) -> None:
    run = await watcher.run(broken.id)
    assert run["state"] == "failed"
    assert broken.says in "{type}: {message}".format_map(run["error"])


async def _is_named(watcher: Watcher, broken: Broken, check: str) -> None:
    health = await watcher.health(broken.id)
    (found,) = (each for each in health["checks"] if each["name"] == check)
    assert health["state"] == "degraded"
    assert broken.says in found["detail"]
    assert broken.remedy in found["detail"]


async def _job_blocks(watcher: Watcher, broken: Broken) -> None:
    assert (await watcher.run(broken.id))["state"] == "succeeded"
    await _is_named(watcher, broken, "loop")


async def _subscription_raises(watcher: Watcher, broken: Broken) -> None:
    running = watcher.host.running
    await running.context.events.publish("module.started", {"plugin": "sound"})
    async with asyncio.timeout(5):
        while not running.hub.counts.of(broken.id)["failed"]:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def _page_raises(watcher: Watcher, broken: Broken) -> None:
    page = await watcher.get(f"/ui/{broken.id}/start")
    assert page.status_code == 200
    assert "data-failed" in page.text


async def _pool_leaks(watcher: Watcher, broken: Broken) -> None:
    for _ in range(4):
        assert (await watcher.get(f"/api/v1/m/{broken.id}/tell")).status_code == 200
    refused = await watcher.get(f"/api/v1/m/{broken.id}/tell")
    assert refused.status_code == 503
    assert refused.json()["error"]["code"] == "pool_exhausted"
    await _is_named(watcher, broken, "pool")


DEEDS = {
    "route-raises": _route_raises,
    "job-raises": _job_raises,
    "job-blocks": _job_blocks,
    "subscription-raises": _subscription_raises,
    "page-raises": _page_raises,
    "pool-leaks": _pool_leaks,
}


@pytest.fixture
async def watch(start: Start, site: Site) -> Callable[..., Awaitable[Watcher]]:
    """Install the sound plugin and broken ones, start a host, enable the deadly hot."""
    site.add("sound", SOUND)

    async def begin(chosen: Collection[Broken]) -> Watcher:
        for each in chosen:
            install(site, each)
        alive = [each.id for each in chosen if not each.deadly]
        jobs = JobSettings(scheduler=False, grace=1.0)
        host = await start("sound", *alive, deadlines=DEADLINES, jobs=jobs)
        watcher = Watcher(host, await host.bearer("admin"))
        for each in chosen:
            if each.deadly:
                await watcher.say(each.id, "enable")
        for each in chosen:
            if each.check == "start-again":
                await watcher.say(each.id, "reload")
        return watcher

    return begin


async def test_all_broken_plugins_at_once_harm_nobody_else(
    watch: Callable[..., Awaitable[Watcher]],
) -> None:
    """Each is caught in its phase with its words, and the sound one serves."""
    quick = [each for each in LOUD if not each.slow]
    watcher = await watch(quick)

    for each in quick:
        await watcher.expect_caught(each)
    await watcher.expect_sound()


@pytest.mark.long
@pytest.mark.parametrize("plugin", BY_ID)
async def test_broken_plugin_alone_harms_nobody_else(
    watch: Callable[..., Awaitable[Watcher]], database: ServerAddress, plugin: str
) -> None:
    """Each is caught in its phase with its words, and the sound one serves."""
    broken = BY_ID[plugin]
    async with _locked(database):
        watcher = await watch([broken, *_partner(broken)])
        await watcher.expect_caught(broken)
        await watcher.expect_sound()


@asynccontextmanager
async def _locked(database: ServerAddress) -> AsyncIterator[None]:
    """Somebody else holds the lock that one of the migrations waits for."""
    connection = await asyncpg.connect(**database.asyncpg_arguments())
    try:
        await connection.execute("select pg_advisory_lock(4711)")
        yield
    finally:
        await connection.close()


def _partner(broken: Broken) -> list[Broken]:
    return [BY_ID[broken.partner]] if broken.partner else []
