"""Keys turn while hosts run: everything is sealed anew, nothing is lost."""

from __future__ import annotations

import asyncio
import base64
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from distributions import Site

from nxforge_core.database import Pool
from nxforge_core.security import KeyRing
from nxforge_core.security.sealed import (
    KeysNotKnownError,
    KeysTooFreshError,
    NoKeyFileError,
    Rotation,
    RotationBusyError,
)
from nxforge_core.settings import SecretSettings, Settings

Start = Callable[..., Awaitable[Any]]
Nxforge = Callable[..., Awaitable[str]]

#: A plugin that keeps secrets in a column, in a document, and in a list.
VAULT = '''
from nxforge_core.api import *


async def keep(ctx: PluginContext, name: str, text: str) -> str:
    """Store a secret in three ways."""
    sealed = ctx.secrets.seal(text)
    await ctx.db.execute(
        "insert into vault values ($1, $2, $3, array[$2])",
        name, sealed, {"auth": {"password": ctx.secrets.seal(text)}},
    )
    return sealed


async def show(ctx: PluginContext, name: str) -> list[str]:
    """Open what was stored."""
    row = await ctx.db.fetchrow("select * from vault where name = $1", name)
    kept = [row["plain"], row["document"]["auth"]["password"], row["list"][0]]
    return [ctx.secrets.open(each) for each in kept]


@hookimpl
def nxforge_routes():
    return [
        RouteSpec("POST", "/keep", keep, public=True),
        RouteSpec("GET", "/show", show, public=True),
    ]


@hookimpl
def nxforge_migrations():
    return MigrationsSpec(__package__)
'''
TABLE = """
create table "vault" (name text primary key, plain text, document jsonb, list text[]);
"""


@pytest.fixture(autouse=True)
def vault(site: Site) -> None:
    """The plugin, installed."""
    site.add("vault", VAULT, files={"migrations/001_create_vault.sql": TABLE})


async def keep(host: Any, name: str, text: str = "hunter2") -> str:
    """Let the plugin store a secret; answers it sealed."""
    given = {"name": name, "text": text}
    answer = await host.client.post("/api/v1/m/vault/keep", params=given)
    return str(answer.json()["data"])


async def shown(host: Any, name: str) -> list[str]:
    """What the plugin opens."""
    answer = await host.client.get("/api/v1/m/vault/show", params={"name": name})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["data"])


def rotation(host: Any, **given: Any) -> Rotation:
    """As the command does it: with a key set of its own."""
    core = host.running.core
    assert core.keys.file is not None
    ring = KeyRing.load(SecretSettings(), core.keys.file.parent)
    return Rotation(core.address, ring, **given)


def settle(settings: Settings) -> None:
    """Let the key file be old."""
    os.utime(settings.data_dir / "secret.key", (1, 1))


async def test_rotation_seals_everything_anew_beside_running_hosts(
    start: Start, pool: Pool, settings: Settings
) -> None:
    """Logins of plugins, columns, documents and lists; both hosts go on."""
    first, second = await start("vault"), await start("vault")
    old = first.running.core.keys.key_ids[0]
    await keep(first, "meter")

    done = await rotation(first).rotate()

    assert (done.made, done.sealed, done.unreadable) == (True, 4, [])
    stored = await pool.fetchval(
        "select v::text || p::text from nxp_vault.vault as v, nxforge.plugin as p "
        "where p.role_password is not null"
    )
    assert f"nx1:{old}:" not in stored
    assert stored.count(f"nx1:{done.key_id}:") == 4
    for host in (first, second):
        assert await shown(host, "meter") == ["hunter2"] * 3
        assert f":{done.key_id}:" in await keep(host, f"of {id(host)}")
    assert (settings.data_dir / "secret.key").stat().st_mode & 0o777 == 0o600


async def test_every_host_says_the_new_key_before_anything_is_sealed_with_it(
    start: Start, pool: Pool
) -> None:
    """A host that was told nothing reads the file when it meets the key."""
    host = await start("vault")
    old = host.running.core.keys.key_ids
    await keep(host, "meter")

    done = await rotation(host).rotate()

    names = [
        row["application_name"]
        for row in await pool.fetch(
            "select application_name from pg_stat_activity "
            "where application_name like 'nxforge events%' "
            "and datname = current_database()"
        )
    ]
    assert len(names) == 1
    assert f" keys {done.key_id},{old[0]} at " in names[0]


async def test_process_that_does_not_know_the_key_stops_the_rotation(
    start: Start, pool: Pool, settings: Settings, tmp_path: Path
) -> None:
    """Another machine lacks the key file's new line: nothing is sealed, then all is."""
    host = await start("vault")
    await keep(host, "meter")
    before = host.running.core.keys.key_ids
    away = tmp_path / "elsewhere"
    away.mkdir()
    copy = away / "secret.key"
    copy.write_bytes((settings.data_dir / "secret.key").read_bytes())
    copy.chmod(0o600)
    other = await start("vault", secrets=SecretSettings(key_file=copy))

    with pytest.raises(KeysNotKnownError, match=r"1 running processes.*nothing was"):
        await rotation(host, patience=0.2).rotate()

    assert f":{before[0]}:" in await keep(host, "between")
    offered = host.running.core.keys.key_ids[1]
    copy.write_bytes((settings.data_dir / "secret.key").read_bytes())
    with pytest.raises(KeysNotKnownError):
        await rotation(host, patience=0.2).rotate()
    copy.write_bytes((settings.data_dir / "secret.key").read_bytes())
    done = await rotation(host, patience=5).rotate(keep_key=True)

    assert (done.key_id, done.made, done.sealed) == (offered, False, 7)
    assert await shown(other, "meter") == ["hunter2"] * 3
    assert await pool.fetchval("select count(*) from nxp_vault.vault") == 2


async def test_broken_off_rotation_is_finished_with_its_own_key(
    start: Start, pool: Pool
) -> None:
    """A kill between two values leaves two keys in use; the next call goes on."""
    host = await start("vault")
    await keep(host, "one")
    sealed = await pool.fetchrow("select plain, document from nxp_vault.vault")
    done = await rotation(host).rotate()
    await pool.execute("update nxp_vault.vault set plain = $1", sealed["plain"])

    again = await rotation(host).rotate()

    assert (again.key_id, again.made, again.sealed) == (done.key_id, False, 1)
    assert await shown(host, "one") == ["hunter2"] * 3


async def test_old_keys_go_when_nothing_needs_them(
    start: Start, pool: Pool, settings: Settings
) -> None:
    """Not at once, not while a value needs one, and never the key that seals."""
    host = await start("vault")
    old = host.running.core.keys.key_ids[0]
    await keep(host, "one")
    sealed = await pool.fetchval("select plain from nxp_vault.vault")
    done = await rotation(host).rotate()
    with pytest.raises(KeysTooFreshError):
        await rotation(host).prune()
    settle(settings)
    await pool.execute("update nxp_vault.vault set plain = $1", sealed)
    assert list((await rotation(host).prune()).removed) == []
    await rotation(host).rotate()

    pruned = await rotation(host).prune()

    assert (list(pruned.removed), list(pruned.kept)) == ([old], [done.key_id])
    assert await shown(host, "one") == ["hunter2"] * 3
    assert KeyRing.load(SecretSettings(), settings.data_dir).key_ids == (done.key_id,)


async def test_what_only_looks_sealed_is_told_and_left_alone(
    start: Start, pool: Pool, settings: Settings
) -> None:
    """Text of a hostile page neither changes nor keeps a key in use."""
    host = await start("vault")
    old = host.running.core.keys.key_ids[0]
    lie = f"nx1:{old}:{'A' * 120}"
    await pool.execute("insert into nxp_vault.vault values ('x', $1)", f"<p>{lie}</p>")

    done = await rotation(host).rotate()

    told = [(each.place, each.key_id, each.count) for each in done.unreadable]
    assert told == [("nxp_vault.vault.plain", old, 1)]
    assert lie in await pool.fetchval("select plain from nxp_vault.vault")
    settle(settings)
    assert list((await rotation(host).prune()).removed) == [old]


async def test_keys_of_the_environment_are_rotated_by_whoever_sets_them(
    start: Start,
) -> None:
    """No command changes a setting; with the new key first it seals all of it."""
    one, two = (base64.b64encode(each * 32).decode() for each in (b"1", b"2"))
    first = SecretSettings(keys=(one,))
    host = await start("vault", secrets=first)
    await keep(host, "one")
    core = host.running.core
    with pytest.raises(NoKeyFileError, match="NXFORGE_SECRETS_KEYS"):
        await Rotation(core.address, core.keys).rotate()
    await host.app.stop()
    both = SecretSettings(keys=(two, one))
    host = await start("vault", secrets=both)
    core = host.running.core

    done = await Rotation(core.address, core.keys).rotate(keep_key=True)

    assert (done.key_id, done.sealed) == (core.keys.key_ids[0], 4)
    assert await shown(host, "one") == ["hunter2"] * 3


async def test_process_without_the_key_takes_no_login_from_others(
    start: Start, tmp_path: Path
) -> None:
    """A second machine without the key file says so; the first one goes on."""
    host = await start("vault")
    await keep(host, "one")
    (tmp_path / "elsewhere").mkdir()

    other = await start("vault", data_dir=tmp_path / "elsewhere")

    problem = other.running.inventory["vault"].problem
    assert host.running.core.keys.key_ids[0] in problem.message
    assert "key file" in problem.remedy
    assert await shown(await start("vault"), "one") == ["hunter2"] * 3


async def test_lost_key_is_told_and_everything_else_runs(
    start: Start, settings: Settings
) -> None:
    """The plugin gets a new login; the secret's error names the key and what to do."""
    host = await start("vault")
    await keep(host, "one")
    lost = host.running.core.keys.key_ids[0]
    await host.app.stop()
    (settings.data_dir / "secret.key").unlink()

    host = await start("vault")

    answer = await host.client.get("/api/v1/m/vault/show", params={"name": "one"})
    assert answer.status_code == 500
    await keep(host, "two")
    assert await shown(host, "two") == ["hunter2"] * 3
    found = {each.key_id for each in await rotation(host).count() if not each.opens}
    assert found == {lost}


async def test_two_rotations_are_one_after_the_other(start: Start) -> None:
    """The second one is told, and makes no key."""
    host = await start("vault")
    await keep(host, "one")

    ends = await asyncio.gather(
        *(rotation(host).rotate() for _ in range(2)), return_exceptions=True
    )

    assert sum(isinstance(each, RotationBusyError) for each in ends) == 1
    assert len(host.running.core.keys.key_ids) == 2


@pytest.mark.timeout(60)
async def test_commands_count_rotate_and_prune(
    start: Start, nxforge: Nxforge, pool: Pool, settings: Settings
) -> None:
    """As an administrator does it; no secret and no key is printed."""
    host = await start("vault")
    await keep(host, "one")

    said = await nxforge("secrets", "rotate")
    said += await nxforge("secrets", "list")
    settle(settings)
    said += await nxforge("secrets", "prune")
    trail = "select array_agg(action order by id) from nxforge.audit"

    assert "4 secrets sealed anew" in said
    assert "nxp_vault.vault.plain" in said
    assert await pool.fetchval(trail) == ["secrets.rotate", "secrets.prune"]
    for key in (settings.data_dir / "secret.key").read_text().splitlines()[1:]:
        assert key not in said
    assert "hunter2" not in said
    assert await shown(host, "one") == ["hunter2"] * 3
