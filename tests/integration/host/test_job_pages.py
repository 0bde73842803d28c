# ruff: noqa: ASYNC110 - polls the host, where nobody sets an event
"""The system's pages of jobs and runs, as operators and viewers have them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from distributions import Site
from reading import Reading, words

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


@pytest.fixture
async def operator(host: Any) -> Reading:
    """One who runs and changes jobs."""
    return Reading(host.client, await host.bearer("operator"))


@pytest.fixture
async def viewer(host: Any) -> Reading:
    """One who only looks."""
    return Reading(host.client, await host.bearer("viewer"))


async def ended(host: Any, run: int) -> None:
    """Wait until a run is over."""
    async with asyncio.timeout(10):
        while (await host.running.runs.get_run(run)).finished_at is None:
            await asyncio.sleep(0.02)


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


async def test_failed_run_shows_its_error_and_is_repeated(
    host: Any, operator: Reading
) -> None:
    """The traceback is text, whatever it holds; a repetition leads to the new run."""
    pressed = await operator.press(
        "/ui/nxforge/jobs", "jobs", **{"nx-one": "run-now:pump/leak"}
    )
    path = pressed.json()["link"]["href"]
    run = int(path.rpartition("=")[2])
    await ended(host, run)
    page = await operator.see(path)
    again = await operator.press(path, "re-run")
    late = await operator.press(path, "cancel")
    failed = await operator.see("/ui/nxforge/runs?plugin=pump&runs.f.state=failed")
    other = await operator.see("/ui/nxforge/runs?plugin=pump&job=fill")

    assert "failed" in words(page, "now")
    assert "ValueError: the hose is <b>torn</b>" in words(page, "errors")
    assert "in leak" in words(page, "errors")
    assert again.json()["go"] == f"/ui/nxforge/run?id={run + 1}"
    assert late.status_code == 422
    assert f"Run {run}" in words(failed, "runs")
    assert "No run yet" in words(other, "runs")


async def test_job_is_changed_paused_and_returned(operator: Reading) -> None:
    """A schedule is told with its next times, and all of it is undone."""
    every = {"kind": "every", "seconds": "900", "zone": "UTC", "jitter": "0"}
    wrong = await operator.press(JOB, "schedule", **{**every, "seconds": ""})
    saved = await operator.press(JOB, "schedule", **every)
    await operator.press(JOB, "parameters", params='{"litres": 7}')
    unfit = await operator.press(JOB, "parameters", params='{"gallons": 7}')
    about = await operator.see(f"{JOB}&tab=about")
    await operator.press(JOB, "pause")
    paused = await operator.see(JOB)
    refused = await operator.press(JOB, "run-now")
    await operator.press(f"{JOB}&tab=change", "return-to-the-plugin-s-own")
    own = await operator.see(f"{JOB}&tab=about")

    assert "seconds" in wrong.json()["fields"]
    assert "every 15 minutes: next at" in saved.json()["message"]
    assert "gallons" in unfit.json()["message"]
    assert len(about.css("#next-times tbody tr")) == 5
    assert '{"litres":7}' in words(about, "about-it")
    assert "paused" in words(paused, "now")
    assert "trigger, params, enabled" in words(paused, "changed")
    assert refused.status_code == 422
    assert "It runs when somebody asks" in words(own, "next-times")


async def test_viewer_sees_jobs_and_has_no_button(viewer: Reading) -> None:
    """Who may not change anything sees everything but the ways to do it."""
    jobs = await viewer.see("/ui/nxforge/jobs")
    page = await viewer.see(f"{JOB}&tab=change")
    sent = await viewer.press(
        "/ui/nxforge/jobs", "jobs", **{"nx-one": "run-now:pump/fill"}
    )
    form = await viewer.press(JOB, "schedule", kind="manual")

    assert "Fill the tank" in words(jobs, "jobs")
    assert (
        jobs.css("main form[method=post]") == page.css("main form[method=post]") == []
    )
    assert sent.status_code == form.status_code == 404


async def test_address_without_a_run_is_told(host: Any) -> None:
    """A page about nothing says how to get there."""
    headers = await host.bearer("viewer")

    answer = await host.client.get("/ui/nxforge/run?id=x", headers=headers)

    assert "open the page from the list" in answer.text
