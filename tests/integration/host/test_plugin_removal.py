"""A plugin removed without a trace, and brought back as it was."""

from __future__ import annotations

import asyncio
import json
import tarfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from distributions import Site

from nxforge_core.host import open_core
from nxforge_core.host.upkeep import (
    ExportError,
    NamedInSettingsError,
    NotRemovedError,
    Remover,
    StillEnabledError,
    restore_plugin,
)
from nxforge_core.plugins import UnknownPluginError
from nxforge_core.security.audit import Actor
from nxforge_core.services import SystemClock
from nxforge_core.settings import JobSettings, Settings

Start = Callable[..., Awaitable[Any]]
Call = Callable[..., Awaitable[str]]

#: PostgreSQL's programs and processes that import everything take their time.
pytestmark = pytest.mark.timeout(90)

BY = Actor("console:test", "command")
TANK = """
import asyncio
from nxforge_core.api import *


async def fill(ctx: JobContext, params: NoParams) -> None:
    await ctx.db.execute("insert into tank (level, raw, at) "
                         "values (1.250, '\\\\x00ff', '2026-01-02 03:04:05.678901+02')")
    ctx.log.info("filled")


async def heard(ctx: PluginContext, event: Event) -> None:
    pass


@hookimpl
def nxforge_jobs():
    return [JobSpec(name="fill", title="Fill", handler=fill)]


@hookimpl
def nxforge_events():
    return [SubscriptionSpec("job.*", heard, durable=True)]


@hookimpl
def nxforge_migrations():
    return MigrationsSpec(__package__)
"""
FILES = {
    "migrations/001_create_tank.sql": """
create table tank (id bigint generated always as identity primary key,
    level numeric not null, raw bytea, at timestamptz, note text default E'a\\tb');
create type colour as enum ('red', 'blue');
create table part (tank bigint not null references tank, colour colour)
    partition by list (colour);
create table part_red partition of part for values in ('red');
create function double(x int) returns int language sql as 'select x * 2';
create view levels as select level from tank;
"""
}
MANIFEST = {
    "permissions": [{"name": "tank:levels:read", "description": "See levels."}],
    "events": {"listens": ["job.*"]},
    "readable": ["levels"],
}
TABLES = (
    "select (select string_agg(t::text, '|' order by id) from nxp_tank.tank t)"
    " || (select string_agg(p::text, '|') from nxp_tank.part p)"
)
RUNS = "select string_agg(r::text, '|' order by id) from run r where plugin = 'tank'"
LOGS = "select string_agg(l::text, '|' order by run, line) from run_log l"


async def _until_done(database: Any, count: int) -> None:
    done = "select count(*) from run where finished_at is not null"
    async with asyncio.timeout(15):
        while await database.fetchval(done) < count:  # noqa: ASYNC110 - a look
            await asyncio.sleep(0.05)


async def _used(start: Start, site: Site) -> tuple[tuple[Any, ...], dict[str, str]]:
    """What a host stored that ran the plugin and disabled it; headers of its admin."""
    site.add("tank", TANK, files=FILES, manifest=MANIFEST)
    host = await start("tank", jobs=JobSettings())
    database = host.running.core.database
    headers = await host.bearer("admin")
    for number in range(2):
        run = await host.client.post("/api/v1/jobs/tank/fill/runs", headers=headers)
        assert run.status_code < 300, run.text
        await _until_done(database, number + 1)
    await database.execute("insert into nxp_tank.part values (1, 'red')")
    await database.execute(
        "insert into own_role values ('reader', '', "
        "array['tank:levels:read', 'nxforge:me:read'], now(), now())"
    )
    files = host.app.settings.data_dir / "files" / "tank"
    files.mkdir(parents=True)
    (files / "picture").write_bytes(b"\0\1")
    await host.client.post("/api/v1/plugins/tank/disable", headers=headers)
    found = await _stored(host.running.core)
    await host.app.stop()
    return found, headers


async def _stored(core: Any) -> tuple[Any, ...]:
    database = core.database
    return tuple([await database.fetchval(one) for one in (TABLES, RUNS, LOGS)])


async def test_removed_plugin_leaves_nothing_and_comes_back_equal(
    start: Start, site: Site, settings: Settings, tmp_path: Path
) -> None:
    """Nothing in catalogues, tables and files; afterwards every row is as it was."""
    before, _ = await _used(start, site)
    file = tmp_path / "tank.tar"
    async with open_core(settings) as core:
        remover = Remover(core, SystemClock(), settings)
        first = await remover.residue("tank")
        receipt = await remover.remove("tank", {"tank"}, BY, file)
        gone = await core.database.fetchval(
            "select count(*) from pg_roles where rolname like 'nxp_tank%'"
        )
        left = await core.database.fetchval("select permissions from own_role")
        with pytest.raises(UnknownPluginError):
            await remover.remove("tank", set(), BY, None)
        await restore_plugin(core, file, settings.data_dir / "files", BY)
        with pytest.raises(NotRemovedError, match="nxp_tank"):
            await restore_plugin(core, file, settings.data_dir / "files", BY)
        after = await _stored(core)

    assert any("schema nxp_tank" in each for each in first)
    assert any("rows of run" in each for each in first)
    assert (receipt.residue, gone, left) == ([], 0, ["nxforge:me:read"])
    assert receipt.rows["tank"] == 2
    assert file.stat().st_mode & 0o777 == 0o600
    assert after == before
    picture = settings.data_dir / "files" / "tank" / "picture"
    assert picture.read_bytes() == b"\0\1"


async def test_restored_plugin_runs_again(
    start: Start, site: Site, settings: Settings, tmp_path: Path
) -> None:
    """With a login of its own, its migrations known, and runs with new numbers."""
    _, headers = await _used(start, site)
    file = tmp_path / "tank.tar"
    async with open_core(settings) as core:
        await Remover(core, SystemClock(), settings).remove("tank", {"tank"}, BY, file)
        await restore_plugin(core, file, settings.data_dir / "files", BY)

    host = await start(jobs=JobSettings())
    on = await host.client.post("/api/v1/plugins/tank/enable", headers=headers)
    await host.client.post("/api/v1/jobs/tank/fill/runs", headers=headers)
    await _until_done(host.running.core.database, 3)

    assert on.json()["data"]["state"] == "running", on.text
    rows = await host.running.core.database.fetchval(
        "select count(*) from nxp_tank.tank"
    )
    assert rows == 3


async def test_damaged_export_is_refused(
    start: Start, site: Site, settings: Settings, tmp_path: Path
) -> None:
    """Checksums are compared before anything is brought in."""
    await _used(start, site)
    file, bad = tmp_path / "tank.tar", tmp_path / "bad.tar"
    async with open_core(settings) as core:
        await Remover(core, SystemClock(), settings).remove("tank", {"tank"}, BY, file)
        folder = tmp_path / "unpacked"
        with tarfile.open(file) as tar:
            tar.extractall(folder, filter="data")
        (folder / "files" / "picture").write_bytes(b"other")
        with tarfile.open(bad, "w") as tar:
            tar.add(folder, ".")
        with pytest.raises(ExportError, match="checksums differ"):
            await restore_plugin(core, bad, settings.data_dir / "files", BY)
        with pytest.raises(ExportError, match="is no export"):
            await restore_plugin(core, tmp_path / "none", tmp_path, BY)
        assert await core.database.fetchval("select count(*) from plugin") == 0


async def test_enabled_plugin_is_not_removed(start: Start, site: Site) -> None:
    """Neither one that runs nor one that the settings would start again."""
    site.add("tank", TANK, files=FILES, manifest=MANIFEST)
    host = await start("tank")
    named = host.app.settings
    async with open_core(named) as core:
        remover = Remover(core, SystemClock(), named)
        with pytest.raises(StillEnabledError):
            await remover.remove("tank", {"tank"}, BY, None)
        headers = await host.bearer("admin")
        await host.client.post("/api/v1/plugins/tank/disable", headers=headers)
        with pytest.raises(NamedInSettingsError):
            await remover.remove("tank", {"tank"}, BY, None)


async def test_orphan_is_listed_with_its_size_and_removed_by_command(
    start: Start, site: Site, nxforge: Call, tmp_path: Path
) -> None:
    """Its package is gone; nothing of it is imported, and nothing is left."""
    await _used(start, site)
    site.remove("tank", keep=tmp_path / "kept")
    file = tmp_path / "tank.tar"

    listed = json.loads(await nxforge("plugins", "list", "--json"))
    said = await nxforge("plugins", "remove", "tank", "--export", file, "--yes")
    after = json.loads(await nxforge("plugins", "list", "--json"))
    back = await nxforge("plugins", "restore", file)

    (orphan,) = [each for each in listed if each["id"] == "tank"]
    assert (orphan["state"], orphan["bytes"] > 8_000) == ("missing", True)
    assert "  tank: 2 rows" in said
    assert "tank" not in {each["id"] for each in after}
    assert "restored tank 1.0" in back
