# ruff: noqa: ASYNC110 - polls the host, where nobody sets an event
"""The system's pages of jobs and runs, as operators and viewers have them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from distributions import Site
from selectolax.lexbor import LexborHTMLParser

from nxforge_core.security.audit import AuditFilter
from nxforge_core.settings import JobSettings

Start = Callable[..., Awaitable[Any]]

PUMP = """
import msgspec

from nxforge_core.api import *


class Fill(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    litres: int = 1


async def fill(ctx: JobContext, params: Fill):
    ctx.log.info("filling", litres=params.litres)
    return {"tank": {"filled": params.litres}}


async def leak(ctx: JobContext, params: NoParams):
    raise ValueError("the hose is <b>torn</b>")


@hookimpl
def nxforge_jobs():
    return [JobSpec(name="fill", title="Fill the tank", handler=fill, params=Fill),
            JobSpec(name="leak", title="Leak", handler=leak)]
"""
JOB = "/ui/nxforge/job?plugin=pump&job=fill"


@pytest.fixture
async def host(site: Site, start: Start) -> Any:
    """A host with the plugin `pump` and a worker."""
    site.add("pump", PUMP)
    return await start("pump", jobs=JobSettings(worker=True))


class Reading:
    """Somebody who reads pages and presses buttons."""

    def __init__(self, host: Any, headers: dict[str, str]) -> None:
        self._client = host.client
        self._headers = headers

    async def see(self, path: str) -> LexborHTMLParser:
        """A page that shows every card."""
        answer = await self._client.get(path, headers=self._headers)
        assert answer.status_code == 200, answer.text
        tree = LexborHTMLParser(answer.text)
        assert [each.text() for each in tree.css("[data-failed]")] == []
        return tree

    async def press(self, path: str, widget: str, **fields: str) -> Any:
        """Send what a form of the page holds."""
        sent = {"nx-widget": widget, "nx-sure": "1", **fields}
        headers = {**self._headers, "accept": "application/json"}
        return await self._client.post(path, data=sent, headers=headers)


@pytest.fixture
async def operator(host: Any) -> Reading:
    """One who runs and changes jobs."""
    return Reading(host, await host.bearer("operator"))


@pytest.fixture
async def viewer(host: Any) -> Reading:
    """One who only looks."""
    return Reading(host, await host.bearer("viewer"))


async def ended(host: Any, run: int) -> None:
    """Wait until a run is over."""
    async with asyncio.timeout(10):
        while (await host.running.runs.get_run(run)).finished_at is None:
            await asyncio.sleep(0.02)


def words(tree: LexborHTMLParser, card: str) -> str:
    """The text of a card in one line."""
    return " ".join(tree.css_first(f"#{card}").text(separator=" ").split())


async def test_job_is_run_from_its_row_and_the_run_is_seen(
    host: Any, operator: Reading
) -> None:
    """A button queues a run, its page shows the result and the log, the trail tells."""
    first = await operator.see("/ui/nxforge/jobs")
    answer = await operator.press(
        "/ui/nxforge/jobs", "jobs", **{"nx-one": "run-now:pump/fill"}
    )
    path = answer.json()["link"]["href"]
    run = int(path.rpartition("=")[2])
    await ended(host, run)
    page = await operator.see(path)
    jobs = await operator.see("/ui/nxforge/jobs")
    runs = await operator.see("/ui/nxforge/runs")
    trail = await host.running.security.audit.list(AuditFilter(action="jobs"))

    assert "Fill the tank on demand" in words(first, "jobs")
    assert "no run yet" in words(first, "jobs")
    assert "succeeded" in words(page, "now")
    assert "tank filled 1" in words(page, "result")
    assert "filling" in words(page, "log")
    assert "data-follow" not in page.css_first("nx-log").attributes
    assert "No attempt failed" in words(page, "errors")
    assert "succeeded" in words(jobs, "recent-runs")
    assert f"Run {run}" in words(runs, "runs")
    assert [(row.action, row.after) for row in trail] == [("jobs.run", {"run": run})]
