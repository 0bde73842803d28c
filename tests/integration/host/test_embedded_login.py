"""A data folder from before the host had a login of its own is handed over, once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import pytest

from nxforge_core.database import EmbeddedServer, ServerAddress
from nxforge_core.settings import DatabaseSettings, JobSettings, Settings

Start = Callable[..., Awaitable[Any]]

#: What the server's own login owns beside what came with PostgreSQL.
OWNED = """
select count(*) from (
    select relowner as owner, relnamespace as space from pg_class
    union all select proowner, pronamespace from pg_proc
    union all select typowner, typnamespace from pg_type
    union all select nspowner, oid from pg_namespace
) as each
join pg_namespace as n on n.oid = each.space
join pg_roles as r on r.oid = each.owner
where r.rolsuper and (n.nspname in ('nxforge', 'nxq') or n.nspname like 'nxp\\_%')
"""

QUEUE = "select to_regclass('nxq.procrastinate_jobs')"

#: Earlier releases had one login, which owned everything.
AS_BEFORE = (
    "alter database nxforge owner to nxforge",
    "drop owned by nxforge_host",
    "drop role nxforge_host",
)


async def fetched(address: ServerAddress, query: str) -> Any:
    """One value."""
    connection = await asyncpg.connect(**address.asyncpg_arguments())
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def _await_queue(address: ServerAddress) -> None:
    """Wait until the engine, which starts beside the rest, has made its tables."""
    async with asyncio.timeout(20):
        while not await fetched(address, QUEUE):  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0.05)


@pytest.mark.timeout(60)
@pytest.mark.usefixtures("meter")
async def test_old_data_folder_goes_over_to_the_hosts_login(
    start: Start, settings: Settings, url_of: Callable[[ServerAddress], str]
) -> None:
    """Every row stays, plugins keep their logins, rights guard the trail."""
    folder = settings.data_dir / "postgresql"
    old = EmbeddedServer(folder)
    await old.start()
    before = DatabaseSettings(url=url_of(old.owner))
    host = await start("meter", database=before, jobs=JobSettings())
    headers = await host.bearer("operator")
    body = {"meterId": 7, "value": "12.5"}
    await host.client.post("/api/v1/m/meter/readings", json=body, headers=headers)
    assert "superuser" in host.running.security.protection
    await _await_queue(old.owner)
    await host.app.stop()
    for query in AS_BEFORE:
        await fetched(old.owner, query)
    (folder / "host-password").unlink()
    assert await fetched(old.owner, OWNED) > 50
    await fetched(old.owner, "create type nxq.pair as (a integer, b integer)")
    await old.stop()

    host = await start("meter", database=DatabaseSettings(), jobs=JobSettings())

    assert await fetched(EmbeddedServer(folder).owner, OWNED) == 0
    assert host.running.security.protection == ""
    assert host.running.notices == {}
    shown = await host.client.get("/api/v1/m/meter/readings", headers=headers)
    assert [each["meterId"] for each in shown.json()["data"]] == [7]
    added = await host.client.post(
        "/api/v1/m/meter/readings", json=body, headers=headers
    )
    assert added.status_code == 201
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await host.running.core.database.execute("delete from audit")
