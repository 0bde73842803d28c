# ruff: noqa: ASYNC110 - polls the command, where nobody sets an event
"""`nxforge runs` beside a host, on the same database."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from distributions import Site

from nxforge_core.settings import JobSettings

Start = Callable[..., Awaitable[Any]]

PUMP = """
import asyncio

from nxforge_core.api import *


async def fill(ctx: JobContext, params: NoParams):
    ctx.log.info("begun", litres=3)
    ctx.log.warning("slow")
    await asyncio.sleep(60)


@hookimpl
def nxforge_jobs():
    return [JobSpec(name="fill", title="Fill", handler=fill)]
"""


@pytest.fixture
async def host(start: Start, site: Site) -> Any:
    """A host with a job that takes a minute."""
    site.add("pump", PUMP)
    jobs = JobSettings(worker=True, scheduler=False, grace=0.5)
    return await start("pump", jobs=jobs)


Call = Callable[..., Awaitable[str]]


@pytest.mark.patient
async def test_operator_follows_and_ends_a_run(host: Any, nxforge: Call) -> None:
    """The log is followed to the end that another command brings about."""
    headers = await host.bearer("operator")
    answer = await host.client.post("/api/v1/jobs/pump/fill/runs", headers=headers)
    run = answer.json()["data"]["id"]
    async with asyncio.timeout(18), asyncio.TaskGroup() as group:
        following = group.create_task(nxforge("runs", "logs", run, "--follow"))
        while "begun" not in await nxforge("runs", "logs", run):
            await asyncio.sleep(0.1)
        cancelled = await nxforge("runs", "cancel", run)
    followed = following.result()
    listed = await nxforge("runs", "list", "--state", "cancelled", "--json")
    shown = await nxforge("runs", "show", run)
    detail = await nxforge("runs", "show", run, "--json")
    warnings = await nxforge("runs", "logs", run, "--level", "warning", "--json")

    assert cancelled == "its worker is told to end it\n"
    assert "info     1 begun" in followed
    assert "litres=3" in followed
    assert f"run {run}: cancelled" in followed
    assert [one["id"] for one in json.loads(listed)] == [run]
    assert re.search("cancelled: by console:[^ ]+ after it began", shown)
    assert json.loads(detail)["cancelledBy"].startswith("console:")
    assert json.loads(warnings)["event"] == "slow"
