"""What another version of a plugin would change, and what an admin has to agree to."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any
from zipfile import ZipFile

import pytest
from distributions import Site
from reading import Reading

Start = Callable[..., Awaitable[Any]]
Call = Callable[..., Awaitable[str]]

#: Processes that import everything: on a busy machine they take their time.
pytestmark = pytest.mark.timeout(90)

PUMP = """
from nxforge_core.api import *


async def tell() -> str:
    return "one"


@hookimpl
def nxforge_routes():
    return [RouteSpec("GET", "/tell", tell, public=True)]


@hookimpl
def nxforge_migrations():
    return MigrationsSpec(__package__)
"""
FILES = {"migrations/001_create_pump.sql": "create table pump (name text);"}
NEXT = PUMP.replace('"/tell"', '"/say"').replace('"one"', '"two"')
NEXT_FILES = {**FILES, "migrations/002_add_litres.sql": "alter table pump add l int;"}
PERMISSION = {"name": "pump:valves:write", "description": "Open valves."}
MORE = {"permissions": [PERMISSION], "capabilities": ["network"]}
ASKED = ["permission pump:valves:write", "capability network"]


async def test_plan_says_what_an_upgrade_changes(start: Start, site: Site) -> None:
    """Routes and migrations that come and go, and what needs consent."""
    site.add("pump", PUMP, files=FILES)
    host = await start("pump")
    headers = await host.bearer("admin")
    plan = "/api/v1/plugins/pump/plan"
    same = (await host.client.get(plan, headers=headers)).json()["data"]
    site.upgrade("pump", "2.0", NEXT, manifest=MORE, files=NEXT_FILES)

    answer = (await host.client.get(plan, headers=headers)).json()["data"]

    assert (same["change"], same["parts"], same["consent"]) == ("none", [], [])
    assert (answer["change"], answer["before"]) == ("upgrade", "1.0")
    parts = {each["kind"]: (each["added"], each["removed"]) for each in answer["parts"]}
    assert parts["routes"] == (["GET /say (public)"], ["GET /tell (public)"])
    assert answer["consent"] == ASKED
    steps = {each["id"]: each["state"] for each in answer["migrations"]}
    assert steps == {"001_create_pump": "applied", "002_add_litres": "pending"}
    told = await host.client.get("/api/v1/m/pump/tell")
    assert told.status_code == 200, told.text
    assert told.json()["data"] == "one"


async def test_growth_waits_for_consent(start: Start, site: Site) -> None:
    """Reload is refused while the old version serves; consent names the version."""
    site.add("pump", PUMP, files=FILES)
    host = await start("pump")
    headers = await host.bearer("admin")
    site.upgrade("pump", "2.0", NEXT, manifest=MORE, files=NEXT_FILES)
    one = "/api/v1/plugins/pump"

    refused = await host.client.post(f"{one}/reload", headers=headers)
    served = await host.client.get("/api/v1/m/pump/tell")
    other = await host.client.post(
        f"{one}/consent", headers=headers, json={"version": "3.0"}
    )
    agreed = await host.client.post(
        f"{one}/consent", headers=headers, json={"version": "2.0"}
    )
    again = await host.client.post(f"{one}/reload", headers=headers)

    assert (refused.status_code, refused.json()["error"]["code"]) == (
        409,
        "consent_needed",
    )
    assert "pump:valves:write" in refused.json()["error"]["message"]
    assert served.json()["data"] == "one"
    assert other.json()["error"]["code"] == "other_version"
    assert (agreed.status_code, again.json()["data"]["version"]) == (200, "2.0")
    assert (await host.client.get("/api/v1/m/pump/say")).json()["data"] == "two"


async def test_grown_version_does_not_serve_at_a_start(
    start: Start, site: Site
) -> None:
    """It is quarantined with the remedy, its tables as they were; consent starts it."""
    site.add("pump", PUMP, files=FILES)
    first = await start("pump")
    await first.app.stop()
    site.upgrade("pump", "2.0", NEXT, manifest=MORE, files=NEXT_FILES)

    host = await start("pump")
    headers = await host.bearer("admin")
    shown = await host.client.get("/api/v1/plugins/pump", headers=headers)
    columns = (
        "select count(*) from information_schema.columns where table_name = 'pump'"
    )
    before = await host.running.core.database.fetchval(columns)
    body = {"version": "2.0"}
    after = await host.client.post(
        "/api/v1/plugins/pump/consent", headers=headers, json=body
    )

    found = shown.json()["data"]
    assert (found["state"], found["reason"]["phase"]) == ("quarantined", "manifest")
    assert "nxforge plugins upgrade pump" in found["reason"]["remedy"]
    assert before == 1
    assert after.json()["data"]["state"] == "running", after.text
    trail = await host.running.core.database.fetchval(
        "select after from audit where action = 'plugins.consent'"
    )
    assert trail["more"] == ASKED


async def test_plan_of_what_ends_its_process(start: Start, site: Site) -> None:
    """The plan says what it did; the host goes on."""
    site.add("pump", "import os\nos._exit(3)")
    host = await start()
    headers = await host.bearer("admin")
    answer = await host.client.get("/api/v1/plugins/pump/plan", headers=headers)
    found = answer.json()["data"]
    assert found["problem"] == "it ends the process with exit code 3"
    assert found["unread"]


async def test_command_plans_what_is_installed(site: Site, nxforge: Call) -> None:
    """As text and as JSON, with a database that knows nothing of it yet."""
    site.add("pump", PUMP, files=FILES)
    said = await nxforge("plugins", "plan", "pump")
    assert "pump 1.0: install" in said
    assert "  + GET /tell (public)" in said
    assert "  001_create_pump  pending, no way back" in said
    told = json.loads(await nxforge("plugins", "plan", "pump", "--json"))
    assert told["change"] == "install"


async def test_wheel_is_planned_without_being_run(
    site: Site, nxforge: Call, tmp_path: Any
) -> None:
    """What needs its code is named; where its code is run, it is known."""
    made = Site(tmp_path / "made")
    trace = tmp_path / "ran"
    source = PUMP + f"\nopen({str(trace)!r}, 'w').close()\n"
    made.add("pump", source, files=FILES)
    wheel = tmp_path / "nxforge_pump-1.0-py3-none-any.whl"
    with ZipFile(wheel, "w") as archive:
        for file in made.folder.rglob("*"):
            archive.write(file, file.relative_to(made.folder))

    said = await nxforge("plugins", "plan", wheel)
    ran_before = trace.exists()
    known = await nxforge("plugins", "plan", wheel, "--run")

    assert "001_create_pump  pending" in said
    assert "not known without running its code: routes" in said
    assert not ran_before
    assert "  + GET /tell (public)" in known
    no_wheel = await nxforge("plugins", "plan", site.folder / "x.whl", expected=2)
    assert "x.whl cannot be read" in no_wheel


async def test_command_upgrades_a_running_host(
    start: Start, site: Site, nxforge: Call
) -> None:
    """Not without the word that agrees; then the host runs the new version."""
    site.add("pump", PUMP, files=FILES)
    host = await start("pump")
    site.upgrade("pump", "2.0", NEXT, manifest=MORE, files=NEXT_FILES)

    refused = await nxforge("plugins", "upgrade", "pump", enable="pump", expected=2)
    done = await nxforge("plugins", "upgrade", "pump", "--yes", enable="pump")

    assert "asks for more than was agreed to" in refused
    assert "agreed to permission pump:valves:write, capability network" in done
    async with asyncio.timeout(10):
        while (await host.client.get("/api/v1/m/pump/say")).status_code != 200:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


BAD_FILES = {
    **NEXT_FILES,
    "migrations/003_copy_litres.sql": "update pump set l = 1;\nselect 1 / 0;",
}
MISFIT = {
    **NEXT_FILES,
    "sql/pump.sql": "-- name: fits\n-- x\nselect name, l from pump where name = $1;\n\n"
    "-- name: fits_not\n-- x\nselect litres from pump;\n\n"
    "-- name: elsewhere\n-- checked: no\nselect a from nowhere;\n",
}
COLUMNS = (
    "select string_agg(column_name, ' ' order by ordinal_position) "
    "from information_schema.columns where table_name = 'pump'"
)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (BAD_FILES, "division by zero"),
        (MISFIT, "the statement 'pump.fits_not' does not fit"),
    ],
)
async def test_failing_upgrade_leaves_all_as_before(
    start: Start, site: Site, nxforge: Call, files: dict[str, str], words: str
) -> None:
    """Rehearsed or for real: tables as they were, and the old version serves."""
    site.add("pump", PUMP, files=FILES)
    host = await start("pump")
    headers = await host.bearer("admin")
    site.upgrade("pump", "2.0", NEXT, files=files)
    path = "/api/v1/plugins/pump/rehearsal"

    rehearsed = await host.client.post(path, headers=headers)
    said = await nxforge("plugins", "upgrade", "pump", enable="pump", expected=1)
    columns = await host.running.core.database.fetchval(COLUMNS)

    assert words in rehearsed.json()["data"]["rehearsal"]["problem"]
    assert words in said
    assert columns == "name"
    told = await host.client.get("/api/v1/m/pump/tell")
    assert told.status_code == 200, told.text
    assert told.json()["data"] == "one"


async def test_rehearsal_undoes_what_it_ran(
    start: Start, site: Site, nxforge: Call
) -> None:
    """Of an upgrade, and of a plugin that was never here; what cannot be is named."""
    site.add("pump", PUMP, files=FILES)
    fresh = await nxforge("plugins", "plan", "pump", "--rehearse")
    host = await start("pump")
    headers = await host.bearer("admin")
    outside = {
        "migrations/003_index.sql": "-- transactional: false\n"
        "create index concurrently if not exists pump_name on pump (name);",
        "migrations/003_index.rollback.sql": "drop index if exists pump_name;",
    }
    site.upgrade("pump", "2.0", NEXT, files={**NEXT_FILES, **outside})
    path = "/api/v1/plugins/pump/rehearsal"

    done = (await host.client.post(path, headers=headers)).json()["data"]["rehearsal"]
    columns = await host.running.core.database.fetchval(COLUMNS)
    refused = await nxforge("plugins", "upgrade", "pump", enable="pump", expected=2)
    upgraded = await nxforge("plugins", "upgrade", "pump", "--yes", enable="pump")

    assert "rehearsed: 001_create_pump; all of it was undone" in fresh
    assert (done["ran"], done["left"]) == (["002_add_litres"], ["003_index"])
    assert (done["problem"], columns) == (None, "name")
    assert "migration 003_index outside a transaction" in refused
    assert "applied 002_add_litres, 003_index" in upgraded


async def test_page_shows_the_plan_and_takes_consent(start: Start, site: Site) -> None:
    """What comes, what is pending, and the way out with the id typed."""
    site.add("pump", PUMP, files=FILES)
    first = await start("pump")
    await first.app.stop()
    site.forget()  # as another process would
    site.upgrade("pump", "2.0", NEXT, manifest=MORE, files=NEXT_FILES)
    host = await start("pump")
    admin = Reading(host.client, await host.bearer("admin"))
    path = "/ui/nxforge/plugin-plan?id=pump"

    seen = (await admin.see(path)).text(separator=" ")
    agreed = await admin.press(path, "agree")
    after = (await admin.see(path)).text(separator=" ")
    refused = await admin.press(path, "remove", name="pum", export="1")

    assert "permission pump:valves:write, capability network" in seen
    assert "GET /say (public)" in seen
    assert "002_add_litres" in seen
    assert "Agreed to version 2.0: running." in agreed.text
    assert "Nothing: it adds what it added when it ran last." in after
    assert "confirm is 'pum'" in refused.text
