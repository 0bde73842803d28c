"""Plugins that are enabled, disabled and changed while the host serves."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from distributions import Site

from nxforge_core.host import Deadlines
from nxforge_core.settings import JobSettings

Start = Callable[..., Awaitable[Any]]

COUNTING = """
import asyncio
from contextlib import asynccontextmanager

from nxforge_core.api import *

WORD = "one"


async def tell() -> str:
    return WORD


async def slow() -> str:
    await asyncio.sleep(0.3)
    return WORD


async def count(ctx: JobContext, params: NoParams) -> None:
    pass


@hookimpl
def nxforge_routes():
    return [
        RouteSpec("GET", "/tell", tell, public=True),
        RouteSpec("GET", "/slow", slow, public=True),
    ]


@hookimpl
def nxforge_jobs():
    return [JobSpec(name="count", title="Count", handler=count)]


@hookimpl
@asynccontextmanager
async def nxforge_lifespan(ctx):
    await ctx.db.fetchval("select 1")
    yield
    await ctx.db.fetchval("select 1")
"""
TELL = "/api/v1/m/pump/tell"


class Admin:
    """Somebody who may change plugins, at one of the hosts."""

    def __init__(self, host: Any, headers: dict[str, str]) -> None:
        self._client = host.client
        self.headers = headers

    async def say(self, plugin: str, word: str) -> Any:
        """Enable, disable or reload a plugin."""
        path = f"/api/v1/plugins/{plugin}/{word}"
        return await self._client.post(path, headers=self.headers)

    async def state(self, plugin: str) -> str:
        """How it is at this host."""
        path = f"/api/v1/plugins/{plugin}"
        answer = await self._client.get(path, headers=self.headers)
        return str(answer.json()["data"]["state"])

    async def listed(self) -> dict[str, str]:
        """All plugins with their states."""
        answer = await self._client.get("/api/v1/plugins", headers=self.headers)
        return {each["id"]: each["state"] for each in answer.json()["data"]}

    async def until(self, path: str, status: int, seconds: float) -> None:
        """Ask until the answer is this one."""
        async with asyncio.timeout(seconds):
            while (await self._client.get(path)).status_code != status:  # noqa: ASYNC110
                await asyncio.sleep(0.02)


def _code(answer: Any) -> str:
    return str(answer.json()["error"]["code"])


async def admin_of(host: Any) -> Admin:
    """One with a token of this host."""
    return Admin(host, await host.bearer("admin"))


async def test_plugin_comes_and_goes_while_the_host_serves(
    start: Start, site: Site
) -> None:
    """Enabled it answers at once, disabled it is 503, and both are one request."""
    site.add("pump", COUNTING)
    host = await start()
    admin = await admin_of(host)
    assert (await host.client.get(TELL)).status_code == 503

    on = await admin.say("pump", "enable")
    assert (on.status_code, on.json()["data"]["state"]) == (200, "running"), on.text
    assert (await host.client.get(TELL)).json()["data"] == "one"
    paths = (await host.running.openapi())["paths"]

    off = await admin.say("pump", "disable")
    assert (off.status_code, off.json()["data"]["state"]) == (200, "disabled")
    closed = await host.client.get(TELL)
    assert (closed.status_code, _code(closed)) == (
        503,
        "plugin_unavailable",
    )
    assert TELL in paths
    assert TELL not in (await host.running.openapi())["paths"]


async def test_request_under_way_ends_on_the_old_code(start: Start, site: Site) -> None:
    """Whoever asked before the plugin went gets the answer."""
    site.add("pump", COUNTING)
    host = await start("pump")
    admin = await admin_of(host)

    async with asyncio.TaskGroup() as group:
        asked = group.create_task(host.client.get("/api/v1/m/pump/slow"))
        await asyncio.sleep(0.05)
        off = await admin.say("pump", "disable")

    answer = asked.result()
    assert (off.status_code, answer.json()["data"]) == (200, "one")


PAGED = """
import asyncio

from nxforge_core.api import *


begun = asyncio.Event()


async def slow(ctx):
    begun.set()
    await asyncio.sleep(0.3)
    level = await ctx.db.fetchval("select 40 + 2")
    return [ui.Figure("Level", level)]


@hookimpl
def nxforge_pages():
    page = ui.Page(
        name="level",
        title="Level",
        permission="pump:level:read",
        body=[ui.Stats("Now", slow, name="now")],
    )
    return [page]
"""


@pytest.mark.parametrize("path", ["/ui/pump/level", "/api/v1/ui/cards/pump/level/now"])
async def test_page_under_way_ends_with_the_old_plugin(
    start: Start, site: Site, path: str
) -> None:
    """A card that is being made when its plugin goes still has the database."""
    reads = {"name": "pump:level:read", "description": "See it", "roles": ["viewer"]}
    site.add("pump", PAGED, manifest={"permissions": [reads]})
    host = await start("pump")
    admin = await admin_of(host)
    headers = await host.bearer("viewer")
    begun = importlib.import_module("cast_pump.plugin").begun

    async with asyncio.TaskGroup() as group:
        asked = group.create_task(host.client.get(path, headers=headers))
        await begun.wait()
        off = await admin.say("pump", "disable")

    answer = asked.result()
    assert (off.status_code, answer.status_code) == (200, 200), answer.text
    assert "42" in answer.text


async def test_jobs_follow_their_plugin(start: Start, site: Site) -> None:
    """A job is there as long as its plugin is, and its runs with it."""
    site.add("pump", COUNTING)
    jobs = JobSettings(grace=1.0)
    host = await start(jobs=jobs)
    admin = await admin_of(host)
    headers = await host.bearer("operator")

    await admin.say("pump", "enable")
    asked = await host.client.post("/api/v1/jobs/pump/count/runs", headers=headers)
    run = asked.json()["data"]["id"]
    async with asyncio.timeout(10):
        while (await host.running.runs.get_run(run)).state != "succeeded":  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    await admin.say("pump", "disable")

    gone = await host.client.get("/api/v1/jobs/pump/count", headers=headers)
    assert gone.status_code == 404


async def test_every_process_follows_within_a_second(start: Start, site: Site) -> None:
    """What is said to one host is done by all, the database being the messenger."""
    site.add("pump", COUNTING)
    first, second = await start(), await start()
    first_admin = await admin_of(first)
    second_admin = Admin(second, first_admin.headers)

    await first_admin.say("pump", "enable")
    await second_admin.until(TELL, 200, 1)
    await second_admin.say("pump", "disable")
    await first_admin.until(TELL, 503, 1)


async def test_word_said_while_nobody_heard_is_followed(
    start: Start, site: Site
) -> None:
    """A host whose listening connection broke looks for itself when it is back."""
    site.add("pump", COUNTING)
    host = await start()
    admin = await admin_of(host)
    database = host.running.core.database
    await database.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where application_name like 'nxforge events%'"
        " and datname = current_database()"
    )
    await database.execute(
        "insert into plugin (id, distribution, version, enabled, edition)"
        " values ('pump', 'nxforge-pump', '1.0', true, 1)"
    )

    await admin.until(TELL, 200, 10)


async def test_plugin_that_is_installed_meanwhile_can_be_enabled(
    start: Start, site: Site
) -> None:
    """`pip install` and one word: the server is not started again."""
    host = await start()
    admin = await admin_of(host)
    host.running.conductor._looked -= 10
    site.add("pump", COUNTING)

    listed = await admin.listed()
    on = await admin.say("pump", "enable")

    assert listed == {"pump": "disabled"}

    assert (on.status_code, on.json()["data"]["state"]) == (200, "running"), on.text
    assert (await host.client.get(TELL)).json()["data"] == "one"


async def test_reload_takes_the_files_as_they_are_now(start: Start, site: Site) -> None:
    """A changed module is read anew, by a plugin that goes on under its name."""
    folder = site.add("pump", COUNTING)
    host = await start("pump")
    admin = await admin_of(host)
    (folder / "plugin.py").write_text(COUNTING.replace('"one"', '"three"'), "utf-8")
    importlib.invalidate_caches()

    again = await admin.say("pump", "reload")

    assert again.json()["data"]["state"] == "running", again.text
    assert (await host.client.get(TELL)).json()["data"] == "three"


async def test_plugin_that_is_mended_leaves_quarantine(
    start: Start, site: Site
) -> None:
    """What failed is tried again when an admin says so; what requires it comes too."""
    folder = site.add("pump", "raise ValueError('no')")
    site.add("valve", COUNTING, manifest={"requires": {"pump": ">=1"}})
    host = await start("pump", "valve")
    admin = await admin_of(host)
    before = await admin.state("pump"), await admin.state("valve")
    (folder / "plugin.py").write_text(COUNTING, "utf-8")
    importlib.invalidate_caches()

    await admin.say("pump", "enable")

    after = await admin.state("pump"), await admin.state("valve")
    assert (before, after) == (("quarantined",) * 2, ("running",) * 2)


async def test_order_of_requirements_is_kept_both_ways(
    start: Start, site: Site
) -> None:
    """None is enabled before what it requires, nor disabled before who requires it."""
    site.add("pump", COUNTING)
    site.add("valve", COUNTING, manifest={"requires": {"pump": ">=1"}})
    host = await start()
    admin = await admin_of(host)

    early = await admin.say("valve", "enable")
    await admin.say("pump", "enable")
    await admin.say("valve", "enable")
    late = await admin.say("pump", "disable")

    assert (early.status_code, _code(early)) == (
        409,
        "requirement_off",
    )
    assert (late.status_code, _code(late)) == (409, "still_required")
    assert await admin.state("valve") == "running"


async def test_look_that_finds_nothing_new_changes_nothing(
    start: Start, site: Site
) -> None:
    """The document of all routes is costly, and made anew only for other routes."""
    site.add("pump", COUNTING)
    site.add("valve", COUNTING)
    host = await start("pump")
    admin = await admin_of(host)
    await admin.listed()
    before = await host.running.openapi()

    host.running.conductor._looked -= 10
    listed = await admin.listed()

    assert listed == {"pump": "running", "valve": "disabled"}
    assert await host.running.openapi() is before


async def test_requirement_that_came_back_takes_its_dependents_along(
    start: Start, site: Site, tmp_path: Path
) -> None:
    """Who requires a plugin starts with it anew, whichever of them was found first."""
    pump = site.add("pump", COUNTING)
    valve = COUNTING.replace('WORD = "one"', "from cast_pump.plugin import WORD")
    site.add("valve", valve, manifest={"requires": {"pump": ">=1"}})
    first = await start()
    admin = await admin_of(first)
    await admin.say("pump", "enable")
    await admin.say("valve", "enable")
    site.remove("pump", keep=tmp_path / "kept")
    second = await start()
    again = Admin(second, admin.headers)
    gone = await again.listed()

    site.put_back("pump", kept=tmp_path / "kept")
    await again.say("pump", "enable")
    (pump / "plugin.py").write_text(COUNTING.replace('"one"', '"three"'), "utf-8")
    importlib.invalidate_caches()
    await again.say("pump", "reload")

    answer = await second.client.get("/api/v1/m/valve/tell")
    assert gone == {"pump": "missing", "valve": "quarantined"}
    assert list(await again.listed()) == ["pump", "valve"]
    assert answer.json()["data"] == "three"


async def test_plugin_whose_files_are_away_for_a_moment_goes_on(
    start: Start, site: Site, tmp_path: Path
) -> None:
    """While pip puts another version in its place, the one at work stays at work."""
    site.add("pump", COUNTING)
    host = await start("pump", deadlines=Deadlines(gone=5.0))
    admin = await admin_of(host)
    host.running.conductor._looked -= 10

    site.remove("pump", keep=tmp_path / "kept")
    async with asyncio.TaskGroup() as group:
        listed = group.create_task(admin.listed())
        await asyncio.sleep(0.3)
        during = await host.client.get(TELL)
        site.put_back("pump", kept=tmp_path / "kept")

    assert during.json()["data"] == "one"
    assert listed.result() == {"pump": "running"}


async def test_plugin_whose_files_stay_away_ends(
    start: Start, site: Site, tmp_path: Path
) -> None:
    """What was uninstalled while it was at work is missing a moment later."""
    site.add("pump", COUNTING)
    host = await start("pump")
    admin = await admin_of(host)

    site.remove("pump", keep=tmp_path / "kept")

    # A look that is under way counts as one that was just made.
    async with asyncio.timeout(10):
        while await admin.listed() != {"pump": "missing"}:
            host.running.conductor._looked -= 10
            await asyncio.sleep(0.05)
    assert (await host.client.get(TELL)).status_code == 503


async def test_only_an_admin_may(start: Start, site: Site) -> None:
    """An operator sees plugins and changes none."""
    site.add("pump", COUNTING)
    host = await start()
    admin = await admin_of(host)
    headers = await host.bearer("operator")

    answer = await host.client.post("/api/v1/plugins/pump/enable", headers=headers)

    assert answer.status_code == 403
    assert await admin.state("pump") == "disabled"


async def test_permissions_of_a_new_plugin_count_at_once(
    start: Start, meter: Any
) -> None:
    """A role holds what the manifest of a plugin gives it, from its first moment."""
    assert meter.is_dir()
    host = await start()
    admin = await admin_of(host)
    headers = await host.bearer("viewer")
    await admin.say("meter", "enable")

    answer = await host.client.get("/api/v1/m/meter/readings", headers=headers)

    assert answer.status_code == 200, answer.text
