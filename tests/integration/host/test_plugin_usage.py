"""What each plugin costs, counted where it costs it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from distributions import Site
from reading import Reading, words

Start = Callable[..., Awaitable[Any]]

COSTLY = """
import time

from nxforge_core.api import *


async def read(ctx: PluginContext) -> int:
    return await ctx.db.fetchval("select 1")


async def fetch(ctx: PluginContext) -> str:
    try:
        await ctx.http.fetch(HttpRequest(url="http://127.0.0.1:9/"))
    except OutboundDeniedError:
        return "denied"


async def block() -> str:
    time.sleep(0.45)
    return "awake"


async def fail() -> str:
    raise ValueError


@hookimpl
def nxforge_routes():
    return [
        RouteSpec("GET", "/read", read, public=True),
        RouteSpec("GET", "/fetch", fetch, public=True),
        RouteSpec("GET", "/block", block, public=True),
        RouteSpec("GET", "/fail", fail, public=True),
    ]
"""
IDLE = COSTLY.replace('"/read"', '"/idle"')


async def test_costs_are_those_of_the_plugin(start: Start, site: Site) -> None:
    """Requests, database, fetches and blocks; of a plugin beside it there are none."""
    site.add("costly", COSTLY)
    site.add("quiet", IDLE)
    host = await start("costly", "quiet")
    for path in ("read", "read", "fetch", "block", "fail"):
        await host.client.get(f"/api/v1/m/costly/{path}")
    operator = Reading(host.client, await host.bearer("operator"))
    usage = (await operator.get("/api/v1/plugins/costly/usage")).json()["data"]
    quiet = (await operator.get("/api/v1/plugins/quiet/usage")).json()["data"]
    text = (await operator.get("/metrics")).text
    page = await operator.see("/ui/nxforge/plugin?id=costly")

    assert (usage["routes"]["requests"], usage["routes"]["failures"]) == (5, 1)
    assert usage["routes"]["declared"] == 4
    assert 0.45 < usage["routes"]["seconds"] < 10
    assert usage["database"]["loans"] == 2
    assert 0 < usage["database"]["heldSeconds"] < 10
    assert (usage["fetches"]["requests"], usage["fetches"]["failures"]) == (1, 1)
    assert usage["loop"]["blocks"] == 1
    # Late by 0.45 s less what was left until the loop's next beat, 0.1 s at the most.
    assert 0.35 <= usage["loop"]["seconds"] < 10
    assert any(
        "plugin.py" in each and "block" in each for each in usage["loop"]["stack"]
    )
    assert usage["load"]["milliseconds"] > 0
    assert (quiet["routes"]["requests"], quiet["loop"]["blocks"]) == (0, 0)
    assert 'nxforge_plugin_requests_total{plugin="costly"} 5.0' in text
    assert "1 times" in words(page, "usage")


async def test_metrics_speak_openmetrics_to_whoever_asks(start: Start) -> None:
    """The end is marked, and the type says it; others get the older format."""
    host = await start()
    headers = await host.bearer("operator")
    kind = "application/openmetrics-text; version=1.0.0"
    new = await host.client.get("/metrics", headers={**headers, "accept": kind})
    old = await host.client.get("/metrics", headers=headers)

    assert new.headers["content-type"].startswith(kind)
    assert new.text.endswith("# EOF\n")
    assert old.headers["content-type"].startswith("text/plain")
    assert "# EOF" not in old.text
