"""Jobs of plugins through a whole host, and through the command line's desk."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import pytest
from distributions import Site

from nxforge_core.api import UnknownItemError
from nxforge_core.host import open_job_desk
from nxforge_core.security import CONSOLE
from nxforge_core.settings import JobSettings, PluginSettings, Settings

Start = Callable[..., Awaitable[Any]]

PUMP = """
import msgspec

from nxforge_core.api import *


class Fill(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    litres: int = 1


async def fill(ctx: JobContext, params: Fill):
    ctx.log.info("filling", litres=params.litres)
    if params.litres > 100:
        raise ValueError("it runs over")
    return {"filled": params.litres}


async def again(ctx: PluginContext) -> int:
    return await ctx.jobs.run("fill", {"litres": 3})


@hookimpl
def nxforge_jobs():
    return [JobSpec(name="fill", title="Fill", handler=fill, params=Fill)]


@hookimpl
def nxforge_routes():
    return [RouteSpec("POST", "/again", again, public=True)]
"""


@pytest.fixture(autouse=True)
def pump(site: Site) -> None:
    """The plugin `pump`, installed."""
    site.add("pump", PUMP)


@pytest.fixture
async def host(start: Start) -> Any:
    """A host with the plugin `pump` and a worker."""
    return await start("pump", jobs=JobSettings(worker=True, scheduler=True))


async def finished(host: Any, run: int, headers: dict[str, str]) -> dict[str, Any]:
    """A run, once it has ended, as the API shows it."""
    async with asyncio.timeout(15):
        while True:
            answer = await host.client.get(f"/api/v1/runs/{run}", headers=headers)
            shown: dict[str, Any] = answer.json()["data"]
            if shown["finishedAt"] is not None:
                return shown
            await asyncio.sleep(0.03)


@pytest.mark.parametrize(
    ("litres", "state", "part"), [(5, "succeeded", "result"), (500, "failed", "error")]
)
async def test_run_by_hand_is_seen_to_its_end(
    host: Any, litres: int, state: str, part: str
) -> None:
    """A run started over HTTP ends with its result or its error, and its log."""
    headers = await host.bearer("operator")

    started = await host.client.post(
        "/api/v1/jobs/pump/fill/runs",
        json={"params": {"litres": litres}},
        headers=headers,
    )
    run = started.json()["data"]["id"]
    shown = await finished(host, run, headers)
    lines = await host.client.get(f"/api/v1/runs/{run}/logs", headers=headers)
    jobs = await host.client.get("/api/v1/jobs", headers=headers)
    listed = await host.client.get("/api/v1/runs?plugin=pump", headers=headers)

    assert started.status_code == 202
    assert (shown["state"], shown[part] is not None) == (state, True)
    assert "filling" in [line["event"] for line in lines.json()["data"]]
    assert [(job["plugin"], job["name"]) for job in jobs.json()["data"]] == [
        ("pump", "fill")
    ]
    assert [one["id"] for one in listed.json()["data"]] == [run]


async def test_plugin_runs_its_own_job(host: Any) -> None:
    """A plugin's code queues a run of its own, in its own name."""
    headers = await host.bearer("viewer")

    answer = await host.client.post("/api/v1/m/pump/again")
    shown = await finished(host, answer.json()["data"], headers)

    assert shown["result"] == {"filled": 3}


@pytest.mark.parametrize(
    ("path", "body", "status", "said"),
    [
        ("pump/drain", {}, 404, "pump/drain"),
        ("pomp/fill", {}, 404, "pomp/fill"),
        ("pump/fill", {"params": {"litres": "many"}}, 400, "litres"),
        ("pump/fill", {"params": {"liters": 1}}, 400, "liters"),
    ],
)
async def test_wrong_run_is_refused(
    host: Any, path: str, body: dict[str, Any], status: int, said: str
) -> None:
    """A job or parameter that is not there is named; nothing is queued."""
    headers = await host.bearer("operator")

    answer = await host.client.post(
        f"/api/v1/jobs/{path}/runs", json=body, headers=headers
    )
    listed = await host.client.get("/api/v1/runs", headers=headers)

    assert (answer.status_code, said in answer.json()["detail"]) == (status, True)
    assert listed.json()["data"] == []


async def test_desk_queues_a_run_that_a_host_works_off(
    host: Any, site: Site, settings: Settings
) -> None:
    """The command line lists and queues jobs without starting a plugin."""
    enabled = msgspec.structs.replace(settings, plugins=PluginSettings(("pump",)))
    headers = await host.bearer("viewer")

    async with open_job_desk(enabled, site.distributions()) as desk:
        jobs = await desk.plans.list_jobs()
        run = await desk.run_now("pump", "fill", {"litres": 9}, CONSOLE)
        with pytest.raises(UnknownItemError, match="pump/drain"):
            await desk.run_now("pump", "drain", {}, CONSOLE)
    shown = await finished(host, run, headers)

    assert [job.name for job in jobs] == ["fill"]
    assert shown["result"] == {"filled": 9}
