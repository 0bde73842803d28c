"""The queue's schema: made once, brought forward, never guessed at."""

from __future__ import annotations

import asyncio

import pytest

from nxforge_core.database import DatabaseUnavailableError, Pool, ServerAddress
from nxforge_core.jobs import Queue, QueueSchemaError
from nxforge_core.jobs.delivery._nxq import install_queue, packaged_files

_SHAPE = """
select 'column', table_name, column_name, data_type, column_default, is_nullable
from information_schema.columns where table_schema = 'nxq'
union all
select 'function', proname, pg_get_function_identity_arguments(oid), prosrc, null, null
from pg_proc where pronamespace = 'nxq'::regnamespace
union all
select 'index', tablename, indexname, indexdef, null, null
from pg_indexes where schemaname = 'nxq'
union all
select 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), null, null
from pg_trigger where not tgisinternal and tgrelid in
    (select oid from pg_class where relnamespace = 'nxq'::regnamespace)
"""


def _conninfo(database: ServerAddress) -> str:
    return database.conninfo("test")


async def _shape(pool: Pool) -> set[tuple[object, ...]]:
    rows = await pool.fetch(_SHAPE)
    return {
        tuple(" ".join(str(value).split()) for value in row.values()) for row in rows
    }


async def test_queue_installs_once_when_many_start(
    core: Pool, database: ServerAddress
) -> None:
    """Processes that start together on an empty database all find it installed."""
    await asyncio.gather(*(install_queue(_conninfo(database)) for _ in range(4)))
    versions = await core.fetch("select version from queue_schema")
    assert [row["version"] for row in versions] == [max(packaged_files())]


async def test_upgraded_queue_equals_a_fresh_one(
    core: Pool, database: ServerAddress
) -> None:
    """Old tables brought forward file by file have the shape of new ones."""
    await install_queue(_conninfo(database))
    fresh = await _shape(core)
    await core.execute("drop schema nxq cascade; truncate queue_schema")
    await core.execute("create schema nxq")
    oldest, *rest = packaged_files().items()
    old = Pool(database, search_path="nxq")
    await old.execute(oldest[1])
    await old.close()
    await core.execute("insert into queue_schema (version) values ($1)", oldest[0])
    await install_queue(_conninfo(database))
    assert await core.fetchval("select count(*) from queue_schema") == len(rest) + 1
    assert await _shape(core) == fresh


@pytest.mark.parametrize("version", ["99.00.00_01_from_tomorrow", "03.03.00_02_never"])
async def test_unknown_queue_version_is_refused(
    core: Pool, database: ServerAddress, version: str
) -> None:
    """A queue made by another release is left as it is, and the error names both."""
    await install_queue(_conninfo(database))
    before = await _shape(core)
    await core.execute("truncate queue_schema")
    await core.execute("insert into queue_schema (version) values ($1)", version)
    async with Queue(database, "nx_0123abcd") as queue:
        with pytest.raises(QueueSchemaError) as refused:
            await queue.link()
    assert (refused.value.found, refused.value.packaged) == (
        version,
        max(packaged_files()),
    )
    assert await _shape(core) == before


async def test_unrecorded_queue_is_refused(core: Pool, database: ServerAddress) -> None:
    """Tables of a queue that nobody recorded are not touched."""
    await install_queue(_conninfo(database))
    await core.execute("truncate queue_schema")
    with pytest.raises(QueueSchemaError, match="a version nobody recorded"):
        await install_queue(_conninfo(database))


async def test_queue_names_a_server_that_is_not_there(database: ServerAddress) -> None:
    """Without a server the queue raises the family's error and not the driver's."""
    nowhere = ServerAddress(host="127.0.0.1", port=1, database=database.database)
    async with Queue(nowhere, "nx_0123abcd") as queue:
        with pytest.raises(DatabaseUnavailableError):
            await queue.link()


async def test_queue_of_an_older_release_is_made_lean(
    core: Pool, database: ServerAddress
) -> None:
    """Autovacuum looks after the queue's tables by rows, however big they once were."""
    await install_queue(_conninfo(database))
    stored = """select array_to_string(reloptions, ' ') from pg_class
        where oid = 'nxq.procrastinate_jobs'::regclass"""
    lean = await core.fetchval(stored)
    assert "autovacuum_vacuum_scale_factor=0" in lean
    for table in ("jobs", "events", "workers"):
        await core.execute(
            f"alter table nxq.procrastinate_{table} reset ("
            " autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold,"
            " autovacuum_analyze_scale_factor, autovacuum_analyze_threshold,"
            " autovacuum_vacuum_cost_delay)"
        )
    await install_queue(_conninfo(database))
    assert await core.fetchval(stored) == lean
