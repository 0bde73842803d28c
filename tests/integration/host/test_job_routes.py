# ruff: noqa: ASYNC110 - polls the host, where nobody sets an event
"""Changing jobs over HTTP and on the command line, as an operator does."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import click
import msgspec
import pytest
from click.testing import CliRunner
from distributions import Site

from nxforge_core.api import UnknownItemError
from nxforge_core.cli.jobs import command
from nxforge_core.host import open_core, open_job_desk
from nxforge_core.jobs import JobPatch
from nxforge_core.security import CONSOLE
from nxforge_core.security.audit import AuditFilter
from nxforge_core.settings import JobSettings, PluginSettings, Settings

Start = Callable[..., Awaitable[Any]]

PUMP = """
from contextlib import asynccontextmanager

import msgspec

from nxforge_core.api import *


class Fill(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    litres: int = 1


async def fill(ctx: JobContext, params: Fill):
    return {"filled": params.litres}


@hookimpl
def nxforge_jobs():
    return [JobSpec(name="fill", title="Fill", handler=fill, params=Fill)]


@hookimpl
@asynccontextmanager
async def nxforge_lifespan(ctx: PluginContext):
    await ctx.jobs.run("fill", {"litres": 42})
    yield
"""
JOB = "/api/v1/jobs/pump/fill"


@pytest.fixture(autouse=True)
def pump(site: Site) -> None:
    """The plugin `pump`, installed."""
    site.add("pump", PUMP)


@pytest.fixture
async def host(start: Start) -> Any:
    """A host with the plugin `pump`, a schedule and a worker."""
    return await start("pump", jobs=JobSettings(worker=True, scheduler=True))


async def _runs(host: Any, headers: dict[str, str]) -> list[dict[str, Any]]:
    answer = await host.client.get("/api/v1/runs", headers=headers)
    found: list[dict[str, Any]] = answer.json()["data"]
    return found


async def test_life_span_queues_a_run_that_runs_after_the_start(host: Any) -> None:
    """A plugin that starts may ask for a run of its own job."""
    headers = await host.bearer("viewer")
    async with asyncio.timeout(10):
        while [run["state"] for run in await _runs(host, headers)] != ["succeeded"]:
            await asyncio.sleep(0.05)


async def test_job_is_seen_changed_previewed_and_reset_over_http(host: Any) -> None:
    """An operator changes when a job runs and with what, and takes it back."""
    headers = await host.bearer("operator")
    own = (await host.client.get(JOB, headers=headers)).json()["data"]
    assert own["values"] == own["defaults"]
    assert (own["overridden"], own["change"], own["nextSlots"]) == ([], None, [])

    trigger = {"kind": "cron", "text": "*/15 * * * *", "zone": "Europe/Berlin"}
    tried = await host.client.post(
        f"{JOB}/preview", json={"trigger": trigger}, headers=headers
    )
    patch = {"trigger": trigger, "params": {"litres": 7}, "retry": {"backoffMax": 9}}
    changed = await host.client.patch(JOB, json=patch, headers=headers)
    shown = changed.json()["data"]
    assert (tried.status_code, changed.status_code) == (200, 200)
    assert shown["nextSlots"] == tried.json()["data"]["nextSlots"]
    assert shown["values"]["trigger"] == {**trigger, "jitter": 0.0}
    assert shown["values"]["params"] == {"litres": 7}
    assert shown["values"]["retry"]["backoffMax"] == 9
    assert shown["overridden"] == ["trigger", "params", "retry"]

    part = await host.client.patch(JOB, json={"params": None}, headers=headers)
    assert part.json()["data"]["values"]["params"] == {"litres": 1}
    gone = await host.client.delete(f"{JOB}/overrides", headers=headers)
    assert gone.json()["data"]["values"] == own["values"]

    trail = await host.running.security.audit.list(AuditFilter(action="jobs"))
    assert [row.action for row in trail] == ["jobs.reset", "jobs.change", "jobs.change"]
    assert {(row.actor, row.kind, row.target) for row in trail} == {
        ("operator of a test", "token", "pump/fill")
    }
    assert trail[1].before == {"params.litres": 7}
    assert trail[1].after == {"params.litres": 1}
    assert trail[2].after["trigger"] == {**trigger, "jitter": 0.0}
    assert set(trail[2].after) == {"trigger", "retry", "params.litres"}


async def test_disabled_job_refuses_a_run_over_http(host: Any) -> None:
    """A run of a disabled job is a conflict, and works again after enabling."""
    headers = await host.bearer("operator")
    await host.client.patch(JOB, json={"enabled": False}, headers=headers)
    listed = await host.client.get("/api/v1/jobs", headers=headers)
    refused = await host.client.post(f"{JOB}/runs", headers=headers)
    await host.client.patch(JOB, json={"enabled": None}, headers=headers)
    accepted = await host.client.post(f"{JOB}/runs", headers=headers)

    assert [job["enabled"] for job in listed.json()["data"]] == [False]
    assert (refused.status_code, accepted.status_code) == (409, 202)
    assert refused.json()["error"]["code"] == "job_disabled"


@pytest.mark.parametrize(
    ("patch", "said"),
    [
        (
            {"trigger": {"kind": "cron", "text": "*/15 25 * * *"}},
            "at character 6: 25 is no hour",
        ),
        ({"trigger": {"kind": "every", "seconds": 0}}, "1 second to 366 days"),
        ({"trigger": {"kind": "every", "second": 5}}, "second"),
        ({"timeout": 0}, "timeout"),
        ({"params": {"liters": 3}}, "did you mean 'litres'?"),
        ({"when": "now"}, "when"),
    ],
)
async def test_faulty_change_is_a_problem_that_says_what_fits(
    host: Any, patch: dict[str, Any], said: str
) -> None:
    """The answer is 400 and names what is wrong; nothing is stored."""
    headers = await host.bearer("operator")
    answer = await host.client.patch(JOB, json=patch, headers=headers)
    shown = await host.client.get(JOB, headers=headers)

    assert answer.status_code == 400
    assert said in answer.text
    assert shown.json()["data"]["overridden"] == []


async def test_viewer_sees_jobs_and_changes_none(host: Any) -> None:
    """Changing needs a permission that viewers do not have."""
    headers = await host.bearer("viewer")
    seen = await host.client.get(JOB, headers=headers)
    changed = await host.client.patch(JOB, json={"timeout": 5}, headers=headers)
    reset = await host.client.delete(f"{JOB}/overrides", headers=headers)
    unknown = await host.client.get("/api/v1/jobs/pump/drain", headers=headers)

    codes = [each.status_code for each in (seen, changed, reset, unknown)]
    assert codes == [200, 403, 403, 404]


async def test_desk_changes_a_job_that_a_running_host_follows(
    host: Any, site: Site, settings: Settings
) -> None:
    """What the command line changes the host shows and does."""
    enabled = msgspec.structs.replace(settings, plugins=PluginSettings(("pump",)))
    headers = await host.bearer("operator")

    async with open_job_desk(enabled, site.distributions()) as desk:
        await desk.change("pump", "fill", JobPatch(params={"litres": 5}), CONSOLE)
        run = await desk.run_now("pump", "fill", {}, CONSOLE)
        with pytest.raises(UnknownItemError, match="pump/drain"):
            await desk.plans.show("pump", "drain")
        async with asyncio.timeout(10):
            while (done := await desk.runs.get_run(run)).finished_at is None:
                await asyncio.sleep(0.05)
    shown = await host.client.get(JOB, headers=headers)

    assert done.result == {"filled": 5}
    assert shown.json()["data"]["change"]["changedBy"] == "console"


async def test_time_in_which_a_plugin_was_disabled_owes_nothing(
    host: Any, settings: Settings
) -> None:
    """Disabling and enabling a plugin forget what its jobs had still to settle."""
    headers = await host.bearer("operator")
    patch = {"trigger": {"kind": "every", "hours": 5}}
    await host.client.patch(JOB, json=patch, headers=headers)
    count = "select count(*) from schedule where plugin = 'pump'"
    async with open_core(settings) as core:
        async with asyncio.timeout(5):
            while not await core.database.fetchval(count):
                await asyncio.sleep(0.02)
        await core.database.execute(
            "insert into schedule values ('pump', 'x', '{}', now())"
        )
        kept = await core.database.fetchval(count)
        answer = await host.client.post(
            "/api/v1/plugins/pump/disable", headers=await host.bearer("admin")
        )
        left = await core.database.fetchval(count)

    assert (kept > 1, answer.status_code, left) == (True, 200, 0), answer.text


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--cron", "0 3 * * *", "--every", "5m"], "give one of"),
        ([], "give one of"),
        (["--every", "soon"], "give a number and s, m, h or d"),
        (["--every", "5m", "--zone", "UTC"], "--zone belongs to --cron"),
        (["--manual", "--jitter", "5"], "--jitter belongs to a schedule"),
    ],
)
def test_schedule_refuses_options_that_mean_nothing(
    options: list[str], said: str
) -> None:
    """Wrong use ends with code 2 before anything is opened."""
    result = CliRunner().invoke(command, ["schedule", "pump", "fill", *options])
    assert result.exit_code == click.UsageError.exit_code
    assert said in result.output


def test_set_wants_something_to_change() -> None:
    """`set` alone changes nothing and says so."""
    result = CliRunner().invoke(command, ["set", "pump", "fill"])
    assert (result.exit_code, "name what to change" in result.output) == (2, True)


def test_group_names_its_commands() -> None:
    """All that the reference names is there."""
    names = ["disable", "enable", "list", "reset", "run", "schedule", "set", "show"]
    assert sorted(command.commands) == names
