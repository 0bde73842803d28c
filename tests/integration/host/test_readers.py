"""Logins for reports: they read what a manifest names, and nothing else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import pytest
from distributions import Site

from nxforge_core.api import InvalidInputError
from nxforge_core.database import (
    Pool,
    ReaderError,
    ServerAddress,
    drop_reader,
    make_reader,
)

Start = Callable[..., Awaitable[Any]]
Nxforge = Callable[..., Awaitable[str]]

PLUGIN = """
from nxforge_core.api import *


@hookimpl
def nxforge_migrations():
    return MigrationsSpec(__package__)
"""
TABLES = """
create table reading (kwh numeric);
insert into reading values (12.5);
create table login (password text);
create table forgotten (x text);
"""


@pytest.fixture(autouse=True)
def ledger(site: Site) -> None:
    """A plugin with one table for everybody, and one that is not there."""
    files = {"migrations/001_create_tables.sql": TABLES}
    manifest = {"readable": ["reading", "dreamt"]}
    site.add("ledger", PLUGIN, manifest=manifest, files=files)


async def connected(database: ServerAddress, login: str, password: str) -> Any:
    """A connection of a reader."""
    address = database.with_role(login, password)
    return await asyncpg.connect(**address.asyncpg_arguments())


@pytest.mark.timeout(60)
async def test_reader_reads_what_the_manifest_names_and_nothing_else(
    start: Start, nxforge: Nxforge, pool: Pool
) -> None:
    """Made by command beside a running host; a new password is made the same way."""
    await start("ledger")
    await nxforge("database", "reader", "grafana")
    url = (await nxforge("database", "reader", "grafana")).strip()
    reader = await asyncpg.connect(url)

    assert await reader.fetchval("select sum(kwh) from nxp_ledger.reading") == 12.5
    assert await reader.fetchval("show statement_timeout") == "1min"
    assert await reader.fetchval("show default_transaction_read_only") == "on"
    for attack in (
        "select * from nxp_ledger.login",
        "select * from nxp_ledger.forgotten",
        "select * from nxforge.plugin",
        "select * from nxforge.audit",
        "begin read write; insert into nxp_ledger.reading values (1)",
        "rollback; begin read write; create table nxp_ledger.planted ()",
        "rollback; begin read write; create table public.planted ()",
        "rollback; begin read write; select nxforge.audit_piece('x')",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await reader.execute(attack)
    await reader.close()
    await nxforge("database", "reader", "grafana", "--drop")
    with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError):
        await asyncpg.connect(url)
    actions = await pool.fetch("select action from nxforge.audit order by id")
    assert [row["action"] for row in actions] == [
        "database.reader",
        "database.reader",
        "database.drop_reader",
    ]


async def test_start_of_a_host_opens_and_closes_what_the_manifest_says(
    start: Start, database: ServerAddress, pool: Pool
) -> None:
    """Tables of an upgrade are readable, and what is no longer named is not."""
    host = await start("ledger")
    instance = await host.running.core.database.fetchval(
        "select id::text from instance"
    )
    made = await make_reader(pool, instance, "report")
    await host.app.stop()
    await start("ledger")
    reader = await connected(database, *made)
    assert await reader.fetchval("select count(*) from nxp_ledger.reading") == 1
    group = f"nxforge_reader_{instance[:8]}"
    await pool.execute(f"grant select on nxp_ledger.forgotten to {group}")
    assert await reader.fetchval("select count(*) from nxp_ledger.forgotten") == 0

    await start("ledger")

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await reader.fetch("select * from nxp_ledger.forgotten")
    await reader.close()
    await drop_reader(pool, "report")


async def test_names_of_readers_are_checked(pool: Pool) -> None:
    """A name is no SQL, none is taken from others, and none is dropped twice."""
    with pytest.raises(InvalidInputError):
        await make_reader(pool, "01234567", 'x"; drop schema nxforge; --')
    with pytest.raises(ReaderError, match="is not there"):
        await drop_reader(pool, "nobody")
    await pool.execute("create role nxr_theirs")
    try:
        with pytest.raises(ReaderError, match="belongs to something else"):
            await make_reader(pool, "01234567", "theirs")
    finally:
        await pool.execute("drop role nxr_theirs")
