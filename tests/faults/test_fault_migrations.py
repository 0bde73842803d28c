"""F6 to F9: faults while migrations run. Starting again is always enough."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest
from matrix import Fault
from postmaster import Postmaster

import nxforge_core
from nxforge_core.api import NxForgeError
from nxforge_core.database import Corner, Pool, ServerAddress, migrate, prepare_corner
from nxforge_core.database._queries import SQL

FILES = 25
#: Its statement cannot run in a transaction: the set is cut in two there.
ALONE = 13
WHOLE_SETS = [
    set(range(1, end)) for end in (1, ALONE, ALONE + 1, FILES + 1)
]  # what can be recorded at any moment
IS_VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('alone')"
MIGRATE = """
import asyncio, sys
from pathlib import Path
from nxforge_core.database import ServerAddress, migrate
from nxforge_core.database import _migrator  # as after the first look
address = ServerAddress.parse(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
report = asyncio.run(migrate(address, sys.argv[2], "meter-a", Path(sys.argv[3])))
print(len(report.applied), flush=True)
"""


TABLE = "create table plate (x int, y text);\ninsert into plate values (1, 'a');"
INDEX = "-- transactional: false\ncreate index concurrently plate_y on plate (y);"
UNDO = "drop index concurrently if exists plate_y;"
PLATE_IS_VALID = (
    "select indisvalid from pg_index "
    "where indexrelid = to_regclass('nxp_meter_a.plate_y')"
)
AGAIN = (
    "drop index nxp_meter_a.plate_y",
    "delete from nxp_meter_a._nxforge_migration where id like '002%'",
    "delete from nxp_meter_a._yoyo_migration where migration_id like '002%'",
)
BUILDS = (
    "select pid from pg_stat_activity where pid <> pg_backend_pid() "
    "and query ilike '%index concurrently plate_y%' and state = 'active'"
)


@pytest.fixture(scope="module")
def postmaster() -> Iterator[Postmaster]:
    """A server that these tests may kill."""
    made = Postmaster()
    made.start()
    yield made
    made.remove()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twenty-five files, one of them not transactional."""
    made = tmp_path / "migrations"
    made.mkdir()
    for number in range(1, FILES + 1):
        text = f"CREATE TABLE t{number} (x int PRIMARY KEY, y text);\n"
        text += f"INSERT INTO t{number} VALUES (1, 'x'), (2, 'y');"  # noqa: S608 - a file
        if number == ALONE:
            text = "-- transactional: false\nCREATE INDEX CONCURRENTLY alone ON t1 (y);"
            undo = made / f"{number:03}_change.rollback.sql"
            undo.write_text("DROP INDEX CONCURRENTLY IF EXISTS alone;")
        (made / f"{number:03}_change.sql").write_text(text)
    return made


@pytest.fixture
async def pool(postmaster: Postmaster) -> AsyncIterator[Pool]:
    """The host's login on an empty database."""
    address = ServerAddress.parse(postmaster.url(postmaster.create()))
    made = Pool(address, search_path="public")
    yield made
    await made.close()


@pytest.fixture
async def corner(postmaster: Postmaster, pool: Pool) -> Corner:
    """A plugin's corner with its own login."""
    database = await pool.fetchval("select current_database()")
    address = ServerAddress.parse(postmaster.url(database))
    return await prepare_corner(pool, address, "meter-a", None)


@pytest.mark.fault("F6", "host killed during migration", short=8, long=60, share=0.5)
async def test_killed_migration_leaves_what_is_recorded_and_runs_again(
    fault: Fault, pool: Pool, corner: Corner, folder: Path
) -> None:
    """After kill -9 at any moment the next start succeeds, unaided."""
    duration = await _full_run(corner, folder)
    unlike, slowest = 0, 0.0
    for _ in range(fault.times):
        await _empty(pool, corner)
        process = await _start(corner, folder)
        _go(process)
        await asyncio.sleep(fault.chance.random() * duration * 0.9)
        if process.returncode is None:
            fault.inject(process.kill)
        fault.landed(await process.wait() == -signal.SIGKILL)
        made, done, begun = await _made_and_recorded(corner)
        unlike += made - begun != done or done not in WHOLE_SETS
        slowest = max(slowest, await _migrated(corner, folder))
    fault.figure("kills after which recorded is not what exists", unlike, limit=0)
    fault.figure("slowest next start, s", slowest, limit=2)


@pytest.mark.fault(
    "F7", "PostgreSQL killed during migration", short=4, long=30, share=0.5
)
async def test_killed_server_leaves_what_is_recorded_and_runs_again(
    fault: Fault, postmaster: Postmaster, pool: Pool, corner: Corner, folder: Path
) -> None:
    """Kill -9 of PostgreSQL in the middle of a migration breaks nothing either."""
    duration = await _full_run(corner, folder)
    unlike, slowest = 0, 0.0
    for _ in range(fault.times):
        await _empty(pool, corner)
        process = await _start(corner, folder)
        _go(process)
        await asyncio.sleep(fault.chance.random() * duration * 0.5)
        fault.inject(postmaster.end, signal.SIGKILL)
        # It ends by an error where the server went away under it.
        fault.landed(await asyncio.wait_for(process.wait(), 30) != 0)
        if postmaster.process is None:
            postmaster.start()
        made, done, begun = await _made_and_recorded(corner)
        unlike += made - begun != done or done not in WHOLE_SETS
        slowest = max(slowest, await _migrated(corner, folder))
    fault.figure("kills after which recorded is not what exists", unlike, limit=0)
    fault.figure("slowest next start, s", slowest, limit=2)


@pytest.mark.fault(
    "F8", "3 hosts start on an empty database", short=3, long=50, share=1
)
async def test_three_processes_start_together_on_an_empty_database(
    fault: Fault, pool: Pool, corner: Corner, folder: Path
) -> None:
    """Each migration is applied once, and every process goes on."""
    failed, twice = 0, 0
    for _ in range(fault.times):
        await _empty(pool, corner)
        processes = [await _start(corner, folder) for _ in range(3)]
        if fault.removed:
            await _one_after_another(processes)
        else:
            for process in processes:
                _go(process)
        outputs = sorted([(await each.communicate())[0] for each in processes])
        fault.landed(not fault.removed)
        failed += sum(each.returncode != 0 for each in processes)
        twice += outputs != [b"0\n", b"0\n", b"%d\n" % FILES]
        made, done, _begun = await _made_and_recorded(corner)
        twice += made != done or len(done) != FILES
    fault.figure("failed processes", failed, limit=0)
    fault.figure("rounds with a migration not applied just once", twice, limit=0)


@pytest.mark.fault("F9", "killed while an index is built", short=3, long=20, share=1)
async def test_half_an_index_is_dropped_and_built_anew(
    fault: Fault, pool: Pool, corner: Corner, tmp_path: Path
) -> None:
    """The next start undoes what the killed one left, and goes on by itself."""
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "001_create_plate.sql").write_text(TABLE)
    await migrate(corner.address, corner.schema, "meter-a", folder)
    (folder / "002_index_plate.sql").write_text(INDEX)
    (folder / "002_index_plate.rollback.sql").write_text(UNDO)
    left = 0
    for _ in range(fault.times):
        fault.landed(await _killed(fault, pool, corner, folder))
        await migrate(corner.address, corner.schema, "meter-a", folder)
        left += await pool.fetchval(PLATE_IS_VALID) is not True
        for statement in AGAIN:
            await pool.execute(statement)
    fault.figure("starts after which the index is not whole", left, limit=0)


async def _killed(fault: Fault, pool: Pool, corner: Corner, folder: Path) -> bool:
    """Whether the kill left an index that is not valid."""
    process = await _start(corner, folder)
    async with pool.transaction() as open_one:  # the build waits for who wrote before
        await open_one.execute("insert into nxp_meter_a.plate values (2, 'b')")
        _go(process)
        async with asyncio.timeout(20):
            while (await pool.fetchval(PLATE_IS_VALID)) is None:  # noqa: ASYNC110 - a look
                await asyncio.sleep(0.02)
        fault.inject(process.kill)
        if not fault.removed:
            await process.wait()
            for row in await pool.fetch(BUILDS):
                await pool.execute("select pg_terminate_backend($1)", row["pid"])
    killed = await process.wait() == -signal.SIGKILL
    return killed and await pool.fetchval(PLATE_IS_VALID) is False


async def _one_after_another(processes: list[asyncio.subprocess.Process]) -> None:
    for process in processes:
        _go(process)
        await process.wait()


async def _start(corner: Corner, folder: Path) -> asyncio.subprocess.Process:
    address = corner.address
    login = f"{address.user}:{address.password}@{address.host}:{address.port}"
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        MIGRATE,
        f"postgresql://{login}/{address.database}",
        corner.schema,
        str(folder),
        env={**os.environ, "PYTHONPATH": str(Path(nxforge_core.__file__).parents[1])},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout
    assert await process.stdout.readline() == b"ready\n"
    return process


def _go(process: asyncio.subprocess.Process) -> None:
    assert process.stdin
    process.stdin.write(b"go\n")


async def _made_and_recorded(corner: Corner) -> tuple[set[int], set[int], set[int]]:
    """What exists, what is recorded as done, and what as begun only."""
    own = await asyncpg.connect(**corner.address.asyncpg_arguments())
    try:
        # Granted when the killed process's session has ended.
        for _ in range(500):
            if await own.fetchval(SQL.take_migration_lock):
                break
            await asyncio.sleep(0.02)
        tables = await own.fetch(
            "SELECT tablename FROM pg_tables "
            "WHERE schemaname = current_schema() AND tablename ~ '^t[0-9]+$'"
        )
        made = {int(row["tablename"][1:]) for row in tables}
        if await own.fetchval(IS_VALID):
            made.add(ALONE)
        if not await own.fetchval(SQL.has_history):
            return made, set(), set()
        rows = await own.fetch(SQL.read_history)
        numbers = [(int(row["id"][:3]), row["done"]) for row in rows]
        done = {number for number, is_done in numbers if is_done}
        return made, done, {number for number, is_done in numbers if not is_done}
    finally:
        await own.close()


async def _migrated(corner: Corner, folder: Path) -> float:
    """Start again; answers how many seconds that took."""
    began = time.monotonic()
    try:
        await migrate(corner.address, corner.schema, "meter-a", folder)
    except NxForgeError as error:
        pytest.fail(f"the next start fails: {error}")
    took = time.monotonic() - began
    made, done, begun = await _made_and_recorded(corner)
    assert (made, begun) == (done, set())
    assert len(done) == FILES
    return took


async def _empty(pool: Pool, corner: Corner) -> None:
    await pool.execute(f"DROP SCHEMA {corner.schema} CASCADE")
    await pool.execute(
        f"CREATE SCHEMA {corner.schema} AUTHORIZATION {corner.address.user}"
    )


async def _full_run(corner: Corner, folder: Path) -> float:
    process = await _start(corner, folder)
    begun = time.perf_counter()
    _go(process)
    output, _ = await process.communicate()
    assert output == b"%d\n" % FILES
    return time.perf_counter() - begun
