"""Commands that repair import no plugin and work where no host can start."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from distributions import Site

Start = Callable[..., Awaitable[Any]]
Call = Callable[..., Awaitable[str]]

#: Processes that import everything: on a busy machine they take their time.
pytestmark = pytest.mark.timeout(90)

PUMP = """
from nxforge_core.api import *


@hookimpl
def nxforge_migrations():
    return MigrationsSpec(__package__)
"""
FILES = {
    "migrations/001_create_pump.sql": "create table pump (name text);",
    "migrations/001_create_pump.rollback.sql": "drop table pump;",
    "migrations/002_add_litres.sql": "alter table pump add l int;",
    "migrations/002_add_litres.rollback.sql": "alter table pump drop column l;",
}
PUMP_TABLE = (
    "select string_agg(column_name, ' ' order by ordinal_position) "
    "from information_schema.columns where table_name = 'pump'"
)


def _states(told: str) -> dict[str, str]:
    lines = json.loads(told)
    return {each["id"]: each["state"] for each in lines if each["plugin"] == "pump"}


async def test_repair_needs_neither_plugins_nor_a_host(
    start: Start, site: Site, nxforge: Call
) -> None:
    """Each command does its work beside a plugin that ends whoever imports it."""
    site.add("pump", PUMP, files=FILES)
    host = await start("pump")
    await host.app.stop()
    folder = site.add("bomb", "import os\nos._exit(9)")
    site.upgrade("pump", "2.0", "import os\nos._exit(9)", files=FILES)
    (site.folder / "cast_pump/migrations/002_add_litres.sql").write_text("select 1;")

    state = {
        each["id"]: each["state"]
        for each in json.loads(
            await nxforge("plugins", "list", "--json", enable="bomb,absent")
        )
    }
    shown = await nxforge("plugins", "show", "bomb")
    changed = _states(await nxforge("migrate", "--json"))
    plan = await nxforge("migrate", "--plan")
    await nxforge("plugins", "disable", "pump")
    undone = await nxforge("plugins", "rollback", "pump")
    after = _states(await nxforge("migrate", "--status", "--json"))
    await nxforge("plugins", "remove", "pump", "--yes")
    await nxforge("tokens", "create", "mine", "--role", "admin")
    tokens = await nxforge("tokens", "list")
    doctor = await nxforge("doctor", "--json", expected=1)

    assert (state["bomb"], folder.exists()) == ("enabled", True)
    assert "disabled" in shown
    assert changed == {"001_create_pump": "applied", "002_add_litres": "changed"}
    assert "002_add_litres" in plan
    assert "001_create_pump" not in plan
    assert "undone: 002_add_litres" in undone
    assert after == {"001_create_pump": "applied", "002_add_litres": "pending"}
    assert "mine" in tokens
    assert {"level", "remedy"} <= json.loads(doctor.splitlines()[0])[0].keys()


async def test_rollback_is_for_disabled_plugins(
    start: Start, site: Site, nxforge: Call
) -> None:
    """A host would apply the migration again."""
    site.add("pump", PUMP, files=FILES)
    await start("pump")
    said = await nxforge("plugins", "rollback", "pump", enable="pump", expected=2)
    assert "say 'nxforge plugins disable pump' first" in said


async def test_failed_migration_is_tried_again_after_a_fix(
    start: Start, site: Site
) -> None:
    """Quarantined with file and line, tables as they were; enable tries it anew."""
    broken = {**FILES, "migrations/003_bad.sql": "alter table nowhere add x int;"}
    folder = site.add("pump", PUMP, files=broken)
    host = await start("pump")
    headers = await host.bearer("admin")
    path = "/api/v1/plugins/pump"
    found = (await host.client.get(path, headers=headers)).json()["data"]
    before = await host.running.core.database.fetchval(PUMP_TABLE)

    (folder / "migrations/003_bad.sql").write_text("alter table pump add x int;")
    again = await host.client.post(f"{path}/enable", headers=headers)
    listed = await host.client.get(f"{path}/migrations", headers=headers)

    assert (found["state"], found["reason"]["phase"]) == ("quarantined", "migrate")
    assert "003_bad.sql" in found["reason"]["message"]
    assert before is None
    assert again.json()["data"]["state"] == "running", again.text
    assert {each["state"] for each in listed.json()["data"]} == {"applied"}


async def test_orphan_is_removed_by_the_api(
    start: Start, site: Site, tmp_path: Path
) -> None:
    """Listed with its size, exported, and known no more, without a start anew."""
    site.add("pump", PUMP, files=FILES)
    host = await start()
    headers = await host.bearer("admin")
    one = "/api/v1/plugins/pump"
    await host.client.post(f"{one}/enable", headers=headers)
    await host.client.post(f"{one}/disable", headers=headers)
    site.remove("pump", keep=tmp_path / "kept")

    listed = await host.client.get("/api/v1/plugins/orphans", headers=headers)
    wrong = await host.client.post(
        f"{one}/remove", headers=headers, json={"confirm": "pum"}
    )
    done = await host.client.post(
        f"{one}/remove", headers=headers, json={"confirm": "pump"}
    )
    known = await host.client.get(one, headers=headers)
    name = {"file": Path(done.json()["data"]["export"]).name}
    path = "/api/v1/plugins/restore"
    back = await host.client.post(path, headers=headers, json=name)
    twice = await host.client.post(path, headers=headers, json=name)
    none = await host.client.post(path, headers=headers, json={"file": "../x.tar"})
    again = await host.client.get("/api/v1/plugins/orphans", headers=headers)

    assert back.json()["data"] == {"plugin": "pump"}
    assert (twice.json()["error"]["code"], none.status_code) == ("not_removed", 404)
    assert [each["id"] for each in again.json()["data"]] == ["pump"]
    assert [(each["id"], each["bytes"] > 0) for each in listed.json()["data"]] == [
        ("pump", True)
    ]
    assert wrong.status_code == 400
    receipt = done.json()["data"]
    assert (receipt["residue"], receipt["rows"]["pump"]) == ([], 0)
    assert receipt["export"] in map(str, (tmp_path / "data" / "exports").iterdir())
    assert known.status_code == 404
