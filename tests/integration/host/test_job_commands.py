"""`nxforge jobs` and `nxforge runs rerun` beside a host, on the same database."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import pytest
from distributions import Site

from nxforge_core.settings import JobSettings

Start = Callable[..., Awaitable[Any]]
Call = Callable[..., Awaitable[str]]

PUMP = """
import msgspec

from nxforge_core.api import *


class Fill(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    litres: int = 1


async def fill(ctx: JobContext, params: Fill):
    return {"filled": params.litres}


async def check(ctx: JobContext, params: Fill):
    if params.litres == 1:
        return FanOut((Fill(2), Fill(300)))
    if params.litres > 100:
        raise ValueError("it runs over")


@hookimpl
def nxforge_jobs():
    return [
        JobSpec(name="fill", title="Fill", handler=fill, params=Fill),
        JobSpec(name="check", title="Check", handler=check, params=Fill),
    ]
"""


@pytest.fixture
async def host(start: Start, site: Site) -> Any:
    """A host that works for the plugin `pump`."""
    site.add("pump", PUMP)
    return await start("pump", jobs=JobSettings(worker=True, scheduler=True))


@pytest.fixture
def call(host: Any, nxforge: Call) -> Call:
    """Call `nxforge` as the operator of that host does."""
    del host  # it is there
    return partial(nxforge, enable="pump")


async def _ended(call: Call, run: str) -> dict[str, Any]:
    async with asyncio.timeout(15):
        while True:
            shown: dict[str, Any] = json.loads(
                await call("runs", "show", run, "--json")
            )
            if shown["finishedAt"] is not None:
                return shown


async def _settings_of(call: Call) -> dict[str, Any]:
    shown: dict[str, Any] = json.loads(
        await call("jobs", "show", "pump", "fill", "--json")
    )
    return shown


async def test_saved_overrides_are_in_force_until_they_are_reset(call: Call) -> None:
    """What `set` saves shows in the job, rules its next run, and goes by `reset`."""
    options = ["--params", '{"litres": 7}', "--timeout", 9, "--retry-attempts", 2]
    said = await call("jobs", "set", "pump", "fill", *options)
    changed = await _settings_of(call)
    ran = await call("jobs", "run", "pump", "fill", "--wait")
    run = await _ended(call, ran.split()[0])
    reset = await call("jobs", "reset", "pump", "fill")

    assert 'params:     {"litres":7} (changed, the plugin says {"litres":1})' in said
    assert "time-out:   9 s (changed" in said
    assert "retry:      2 more" in said
    assert "by console:" in said
    assert sorted(changed["overridden"]) == ["params", "retry", "timeout"]
    assert changed["values"]["retry"]["attempts"] == 2
    assert ran.split()[1] == "succeeded"
    assert run["result"] == {"filled": 7}
    assert "changed" not in reset
    assert 'params:     {"litres":1}' in reset


async def test_schedule_is_previewed_saved_and_followed_by_the_host(
    call: Call, host: Any
) -> None:
    """Five slots are shown before the save; the host that runs takes it over."""
    said = await call("jobs", "schedule", "pump", "fill", "--every", "1s", "--yes")
    headers = await host.bearer("viewer")
    async with asyncio.timeout(10):
        while True:
            path = "/api/v1/runs?plugin=pump&trigger=schedule&state=succeeded"
            answer = await host.client.get(path, headers=headers)
            if answer.json()["data"]:
                break
            await asyncio.sleep(0.05)

    preview = said.split("pump/fill: Fill")[0].split("\n")
    assert len([line for line in preview if line.endswith("UTC")]) == 5
    assert "every second (changed, the plugin says on demand)" in said


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ([], 2, "name what to change"),
        (["--params", '{"liters": 7}'], 2, "liters"),
        (["--params", "litres"], 2, "give a JSON object"),
        (["--timeout", -1], 2, "-1"),
    ],
)
async def test_wrong_override_is_refused_and_changes_nothing(
    call: Call, options: list[object], code: int, words: str
) -> None:
    """The command says which value is wrong; the job stays as its plugin says."""
    said = await call("jobs", "set", "pump", "fill", *options, expected=code)

    assert words in said
    assert (await _settings_of(call))["overridden"] == []


async def test_rerun_repeats_all_of_a_run_or_what_failed(call: Call) -> None:
    """The id of the new run is printed; `--failed` gives it only what failed."""
    was = (await call("jobs", "run", "pump", "check")).strip()
    assert (await _ended(call, was))["outcome"] == "partial"

    whole = (await call("runs", "rerun", was)).strip()
    shown = await _ended(call, whole)
    failed = (await call("runs", "rerun", was, "--failed")).strip()
    rest = await _ended(call, failed)

    assert (shown["rerunOf"], rest["rerunOf"]) == (int(was), int(was))
    assert shown["askedBy"].startswith("console:")
    assert (shown["shards"]["total"], rest["shards"]["total"]) == (2, 1)
    assert rest["state"] == "failed"


async def test_rerun_of_what_is_not_there_is_refused(call: Call) -> None:
    """An unknown run ends the command with its number; nothing is queued."""
    said = await call("runs", "rerun", 999, expected=2)

    assert "there is no run 999" in said
    assert json.loads(await call("runs", "list", "--json")) == []
