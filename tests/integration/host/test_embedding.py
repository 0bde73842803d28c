"""Hosts inside other applications, and beside each other."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest
from litestar import Litestar, get
from starlette.applications import Starlette
from starlette.routing import Mount

from nxforge_core.api import UnknownItemError
from nxforge_core.host import NxForge, NxForgePlugin
from nxforge_core.security import CONSOLE
from nxforge_core.security.audit import AuditFilter
from nxforge_core.settings import DatabaseSettings, JobSettings

Start = Callable[..., Awaitable[Any]]

#: A plugin with one job.
DIVIDER = """
import msgspec

from nxforge_core.api import *


class By(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    by: int = 1


async def divide(ctx: JobContext, params: By) -> object:
    return 100 // params.by


@hookimpl
def nxforge_jobs():
    return [JobSpec(name="divide", title="Divide", handler=divide, params=By)]
"""

pytestmark = pytest.mark.usefixtures("meter")


@pytest.fixture
async def app(make: Callable[..., NxForge]) -> AsyncIterator[NxForge]:
    """A host with the plugin `meter`, not started; stopped afterwards."""
    made = make("meter")
    yield made
    await made.stop()


async def test_first_request_starts_the_host(app: NxForge, speak: Any) -> None:
    """Without life span events the host starts when somebody asks."""
    async with speak(app) as client:
        answer = await client.get("/api/v1/m/meter/hello")

    assert answer.json()["data"] == "hello"


@pytest.mark.parametrize("prefix", ["/nx", "/api", "/api/v1", "/a/b", "/login"])
async def test_mounted_host_serves_without_forwarded_life_span(
    app: NxForge, speak: Any, prefix: str
) -> None:
    """Below any prefix, even one of its own, a host answers like at the root."""
    outer = Starlette(routes=[Mount(prefix, app=app)])
    async with speak(outer) as client:
        hello = await client.get(f"{prefix}/api/v1/m/meter/hello")
        denied = await client.get(f"{prefix}/api/v1/me")
        missing = await client.get(f"{prefix}/nowhere")
        running = await app.start()
        code = await running.security.links.login("viewer", "somebody", CONSOLE)
        entered = await client.get(f"{prefix}/login/{code}")
        page = await client.get(
            f"{prefix}/",
            headers={"cookie": entered.headers["set-cookie"].partition(";")[0]},
        )

    assert hello.json()["data"] == "hello"
    assert (denied.status_code, missing.status_code) == (401, 404)
    assert "nothing answers at /nowhere" in missing.json()["detail"]
    assert entered.headers["location"] == f"{prefix}/"
    assert f"Path={prefix}" in entered.headers["set-cookie"]
    assert page.status_code == 200
    assert f'href="{prefix}/ui/nx/' in page.text


async def test_outer_life_span_starts_and_stops_the_host(
    app: NxForge, speak: Any
) -> None:
    """An application that hands its life span on has the host up before a request."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with app:
            yield

    outer = Starlette(routes=[Mount("/nx", app=app)], lifespan=lifespan)
    async with outer.router.lifespan_context(outer), speak(outer) as client:
        running = await app.start()
        answer = await client.get("/nx/api/v1/m/meter/hello")
        state = running.inventory["meter"].state

    assert (answer.status_code, state) == (200, "running")
    async with speak(outer) as client:
        assert (await client.get("/nx/health/live")).status_code == 503


async def test_litestar_plugin_mounts_starts_and_stops_the_host(
    app: NxForge, speak: Any
) -> None:
    """Its own routes and ours, links with the prefix, ours closed when it has ended."""

    @get("/")
    async def index() -> str:
        return "outer"

    outer = Litestar([index], plugins=[NxForgePlugin(app, "nx/")])
    async with speak(outer) as client:
        async with outer.lifespan():
            own = await client.get("/")
            hello = await client.get("/nx/api/v1/m/meter/hello")
            missing = await client.get("/nx/nowhere")
            running = await app.start()
            code = await running.security.links.login("viewer", "somebody", CONSOLE)
            entered = await client.get(f"/nx/login/{code}")
        closed = await client.get("/nx/health/live")

    assert (own.text, hello.json()["data"]) == ("outer", "hello")
    assert "nothing answers at /nowhere" in missing.json()["detail"]
    assert entered.headers["location"] == "/nx/"
    assert closed.status_code == 503


async def test_life_span_protocol_starts_and_stops_the_host(app: NxForge) -> None:
    """A server's own events do the same; each is answered."""
    events = iter(["lifespan.startup", "lifespan.shutdown"])
    sent: list[str] = []

    async def receive() -> dict[str, str]:
        return {"type": next(events)}

    async def send(message: Any) -> None:
        sent.append(message["type"])

    await app({"type": "lifespan"}, receive, send)

    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


async def test_life_span_protocol_tells_a_failed_start(
    make: Callable[..., NxForge],
) -> None:
    """A host that cannot start says why, in one line."""
    app = make("nobody")
    sent: list[Any] = []

    async def receive() -> dict[str, str]:
        return {"type": "lifespan.startup"}

    async def send(message: Any) -> None:
        sent.append(message)

    await app({"type": "lifespan"}, receive, send)

    assert [message["type"] for message in sent] == ["lifespan.startup.failed"]
    assert "'nobody'" in sent[0]["message"]
    assert "\n" not in sent[0]["message"]


async def test_two_hosts_in_one_process_keep_apart(
    start: Start, pool: Any, settings: Any
) -> None:
    """Two hosts on two databases know nothing of each other."""
    await pool.execute("create database second_of_two template template0")
    url = str(settings.database.url)
    name = url.rpartition("/")[2].partition("?")[0]
    other = DatabaseSettings(url=url.replace(name, "second_of_two"))
    try:
        first = await start("meter")
        second = await start(database=other)
        headers = await first.bearer("admin")
        known = await first.client.get("/api/v1/me", headers=headers)
        unknown = await second.client.get("/api/v1/me", headers=headers)
        closed = await second.client.get("/api/v1/m/meter/hello")
        await second.app.stop()
        still = await first.client.get("/api/v1/m/meter/hello")
    finally:
        await pool.execute("drop database if exists second_of_two with (force)")

    assert (known.status_code, unknown.status_code) == (200, 401)
    assert (closed.status_code, still.status_code) == (503, 200)


async def test_two_hosts_start_together_on_one_empty_database(
    make: Callable[..., NxForge],
) -> None:
    """Hosts that make the core's schema at the same time both start."""
    import asyncio  # noqa: PLC0415

    hosts = [make("meter"), make("meter")]
    try:
        started = await asyncio.gather(*[host.start() for host in hosts])
    finally:
        for host in hosts:
            await host.stop()

    assert [each.inventory["meter"].state for each in started] == ["running"] * 2


async def test_host_starts_again_after_a_stop(app: NxForge, speak: Any) -> None:
    """A stop is no end: `start` brings everything back."""
    await app.start()
    await app.stop()
    await app.start()
    async with speak(app) as client:
        answer = await client.get("/api/v1/m/meter/hello")

    assert answer.status_code == 200


async def test_websocket_is_refused(app: NxForge) -> None:
    """A kind of connection that nobody serves is closed, not left hanging."""
    sent: list[Any] = []

    async def receive() -> dict[str, str]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "websocket", "path": "/", "headers": []}
    await app(scope, receive, send)

    assert msgspec.to_builtins(sent) == [{"type": "websocket.close", "code": 1000}]


async def test_library_runs_a_job_to_its_end(
    make: Callable[..., NxForge], site: Any
) -> None:
    """Without HTTP: what the job answers, and its failure, come back with the run."""
    site.add("divider", DIVIDER)
    jobs = JobSettings(scheduler=False)
    async with make("divider", jobs=jobs) as host:
        good = await host.run_job("divider", "divide", {"by": 4}, by="a test")
        bad = await host.run_job("divider", "divide", {"by": 0})
        with pytest.raises(UnknownItemError, match="divider/multiply"):
            await host.run_job("divider", "multiply")
        trail = (await host.start()).security.audit
        told = [each.actor for each in await trail.list(AuditFilter(action="jobs.run"))]

    assert (good.state, good.result, good.asked_by) == ("succeeded", 25, "a test")
    assert bad.state == "failed"
    assert "by zero" in str(bad.error)
    assert told == ["application", "a test"]
