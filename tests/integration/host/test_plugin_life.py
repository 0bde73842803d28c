"""Life spans and health checks of plugins in a running host."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from distributions import Site

from nxforge_core.api import PluginId
from nxforge_core.host import Deadlines, NxForge
from nxforge_core.settings import JobSettings

Start = Callable[..., Awaitable[Any]]

HEAD = """
import asyncio
from contextlib import asynccontextmanager
from pathlib import Path

from nxforge_core.api import *

DIARY = Path({diary!r})
PLUGIN = {plugin!r}


def note(text):
    with DIARY.open("a") as diary:
        diary.write(f"{{PLUGIN}} {{text}}\\n")


async def greet(ctx: PluginContext) -> str:
    return "good day"


@hookimpl
def nxforge_routes():
    return [RouteSpec("GET", "/greet", greet, public=True)]


"""
QUIET = """
@hookimpl
@asynccontextmanager
async def nxforge_lifespan(ctx):
    await ctx.db.fetchval("select 1")
    note("begins")
    try:
        yield
    finally:
        await ctx.db.fetchval("select 1")
        note("ends")
"""
FAILS_AT_END = """
@hookimpl
@asynccontextmanager
async def nxforge_lifespan(ctx):
    note("begins")
    yield
    note("ends")
    raise SystemExit("I take you with me")
"""
HANGS_AT_END = """
@hookimpl
@asynccontextmanager
async def nxforge_lifespan(ctx):
    note("begins")
    yield
    try:
        await asyncio.Event().wait()
    finally:
        note("cancelled")
"""
BREAKS = """
async def work():
    await asyncio.sleep(0)
    raise ValueError("worn out")


@hookimpl
@asynccontextmanager
async def nxforge_lifespan(ctx):
    async with asyncio.TaskGroup() as group:
        group.create_task(work())
        yield
"""
WORKS = """
async def work(ctx: JobContext, params: NoParams):
    note("job begins")
    await asyncio.sleep(0.3)
    note("job ends")


@hookimpl
def nxforge_jobs():
    return [JobSpec(name="work", title="Work", handler=work)]
"""
CHECKED = """
STATE = {"fault": ""}


async def pulse(ctx):
    if STATE["fault"] == "raises":
        raise OSError("no pulse")
    if STATE["fault"] == "hangs":
        await asyncio.Event().wait()
    if STATE["fault"] == "wrong":
        return "fine"
    return Health("failing", "weak") if STATE["fault"] else Health("ok", "72")


async def breath(ctx):
    return Health("ok")


@hookimpl
def nxforge_health():
    return [HealthSpec("pulse", pulse), HealthSpec("breath", breath)]
"""


@pytest.fixture
def add(site: Site) -> Callable[..., None]:
    """Install a plugin that keeps a diary."""

    def install(plugin: str, source: str, **manifest: object) -> None:
        head = HEAD.format(diary=str(site.folder / "diary"), plugin=plugin)
        site.add(plugin, head + source, manifest=manifest)

    return install


@pytest.fixture
def diary(site: Site) -> Callable[[], list[str]]:
    """What the plugins wrote so far."""
    return lambda: (site.folder / "diary").read_text().splitlines()


async def test_life_spans_begin_in_order_and_end_in_reverse(
    make: Callable[..., NxForge], add: Any, diary: Any
) -> None:
    """What is required begins first and ends last, its database open to the end."""
    add("alpha", QUIET, requires={"omega": ">=1"})
    add("omega", QUIET)
    app = make("alpha", "omega")

    await app.start()
    await app.stop()

    assert diary() == ["omega begins", "alpha begins", "alpha ends", "omega ends"]


async def test_life_span_ends_after_the_last_run(
    start: Start, add: Any, diary: Any
) -> None:
    """A run that is under way when the host stops still has its plugin around it."""
    add("alpha", QUIET + WORKS)
    host = await start("alpha", jobs=JobSettings(scheduler=False))

    await host.running.engine.run_now(PluginId("alpha"), "work", {}, by="a test")
    async with asyncio.timeout(10):
        while "alpha job begins" not in diary():  # noqa: ASYNC110  # a file tells nobody
            await asyncio.sleep(0.02)
    await host.app.stop()

    assert diary() == [
        "alpha begins",
        "alpha job begins",
        "alpha job ends",
        "alpha ends",
    ]


async def test_life_span_that_fails_or_hangs_at_its_end_stops_no_other(
    make: Callable[..., NxForge], add: Any, diary: Any
) -> None:
    """A host stops in time whatever its plugins do, and lets all of them end."""
    add("alpha", QUIET)
    add("bravo", FAILS_AT_END)
    add("clint", HANGS_AT_END)
    app = make("alpha", "bravo", "clint", deadlines=Deadlines(stop=0.1))

    await app.start()
    await app.stop()

    assert diary() == [
        "alpha begins",
        "bravo begins",
        "clint begins",
        "clint cancelled",
        "bravo ends",
        "alpha ends",
    ]


async def test_broken_life_span_degrades_its_plugin_only(
    start: Start, add: Any
) -> None:
    """A background task that dies is told in the plugin's health; the host lives."""
    add("alpha", QUIET)
    add("bravo", BREAKS)

    host = await start("alpha", "bravo")
    async with asyncio.timeout(5):
        while host.running.inventory["bravo"].state != "degraded":  # noqa: ASYNC110  # it tells nobody
            await asyncio.sleep(0.01)
    headers = await host.bearer("operator")
    health = await host.client.get("/api/v1/plugins/bravo/health", headers=headers)
    greet = await host.client.get("/api/v1/m/bravo/greet")
    problem = host.running.inventory["bravo"].problem

    assert greet.status_code == 200
    assert health.json()["data"]["state"] == "degraded"
    assert "worn out" in health.json()["data"]["checks"][0]["detail"]
    assert "worn out" in problem.message
    assert host.running.inventory["alpha"].state == "running"


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("weak", "weak"),
        ("raises", "OSError: no pulse"),
        ("hangs", "no answer within 0.2 s"),
        ("wrong", "'fine'"),
    ],
)
async def test_failing_check_degrades_and_a_passing_one_restores(
    start: Start, add: Any, fault: str, said: str
) -> None:
    """The state follows the checks both ways; the plugin goes on serving."""
    import sys  # noqa: PLC0415

    add("alpha", CHECKED)
    host = await start("alpha", deadlines=Deadlines(check=0.2))
    headers = await host.bearer("operator")
    path = "/api/v1/plugins/alpha/health"
    module: Any = sys.modules["cast_alpha.plugin"]

    module.STATE["fault"] = fault
    failing = (await host.client.get(path, headers=headers)).json()["data"]
    shown = await host.client.get("/api/v1/plugins/alpha", headers=headers)
    greet = await host.client.get("/api/v1/m/alpha/greet")
    module.STATE["fault"] = ""
    passing = (await host.client.get(path, headers=headers)).json()["data"]

    assert [check["state"] for check in failing["checks"]] == ["failing", "ok"]
    assert said in failing["checks"][0]["detail"]
    assert failing["state"] == shown.json()["data"]["state"] == "degraded"
    assert "pulse" in shown.json()["data"]["reason"]["message"]
    assert greet.status_code == 200
    assert (passing["state"], passing["checks"][0]["detail"]) == ("running", "72")
    assert host.running.inventory["alpha"].problem is None


async def test_health_of_a_plugin_that_does_not_run_has_no_checks(
    start: Start, add: Any
) -> None:
    """Nothing of a disabled plugin is called."""
    add("alpha", CHECKED)
    host = await start()
    headers = await host.bearer("operator")

    answer = await host.client.get("/api/v1/plugins/alpha/health", headers=headers)

    assert answer.json()["data"] == {"id": "alpha", "state": "disabled", "checks": []}
