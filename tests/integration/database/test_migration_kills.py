"""Faults during migrations: starting again is always enough."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
import time
from pathlib import Path

import asyncpg
import pytest

import nxforge_core
from nxforge_core.api.errors import NxForgeError
from nxforge_core.database import (
    Corner,
    EmbeddedServer,
    Pool,
    ServerAddress,
    migrate,
    prepare_corner,
)
from nxforge_core.database._queries import SQL

_FILES = 25
#: Its statement cannot run in a transaction: the set is cut in two there.
_ALONE = 13
_IS_VALID = """
SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('alone')
"""
_MIGRATE = """
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


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twenty-five files, one of them not transactional."""
    made = tmp_path / "migrations"
    made.mkdir()
    for number in range(1, _FILES + 1):
        text = f"CREATE TABLE t{number} (x int PRIMARY KEY, y text);\n"
        text += f"INSERT INTO t{number} VALUES (1, 'x'), (2, 'y');"  # noqa: S608 - a file
        if number == _ALONE:
            text = "-- transactional: false\nCREATE INDEX CONCURRENTLY alone ON t1 (y);"
            undo = made / f"{number:03}_change.rollback.sql"
            undo.write_text("DROP INDEX CONCURRENTLY IF EXISTS alone;")
        (made / f"{number:03}_change.sql").write_text(text)
    return made


@pytest.fixture
async def corner(pool: Pool, database: ServerAddress) -> Corner:
    """A plugin's corner with its own login."""
    return await prepare_corner(pool, database, "meter-a", None)


def _url(address: ServerAddress) -> str:
    user = address.display().partition("@")
    return f"{user[0]}:{address.password}@{user[2]}"


async def _start(corner: Corner, folder: Path) -> asyncio.subprocess.Process:
    root = str(Path(nxforge_core.__file__).parent.parent)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        _MIGRATE,
        _url(corner.address),
        corner.schema,
        str(folder),
        env={**os.environ, "PYTHONPATH": root},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
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
        if await own.fetchval(_IS_VALID):
            made.add(_ALONE)
        if not await own.fetchval(SQL.has_history):
            return made, set(), set()
        rows = await own.fetch(SQL.read_history)
        numbers = [(int(row["id"][:3]), row["done"]) for row in rows]
        done = {number for number, is_done in numbers if is_done}
        return made, done, {number for number, is_done in numbers if not is_done}
    finally:
        await own.close()


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
    assert output == b"%d\n" % _FILES
    return time.perf_counter() - begun


async def _kill_runs(pool: Pool, corner: Corner, folder: Path, kills: int) -> None:
    seed = random.randrange(10**6)  # noqa: S311 - kill points, not secrets
    print(f"seed {seed}")  # noqa: T201 - to run a failure again
    chance = random.Random(seed)  # noqa: S311 - kill points, not secrets
    duration = await _full_run(corner, folder)
    landed, partial = 0, 0
    for _ in range(kills):
        await _empty(pool, corner)
        process = await _start(corner, folder)
        _go(process)
        await asyncio.sleep(chance.random() * duration * 0.9)
        if process.returncode is None:
            process.kill()
        landed += await process.wait() == -signal.SIGKILL
        made, done, begun = await _made_and_recorded(corner)
        partial += 0 < len(done) < _FILES
        assert made - begun == done, f"seed {seed}: recorded is not what exists"
        assert done in (
            set(),
            set(range(1, _ALONE)),
            set(range(1, _ALONE + 1)),
            set(range(1, _FILES + 1)),
        )
        report = await migrate(corner.address, corner.schema, "meter-a", folder)
        assert report.already == len(done)
        made, done, begun = await _made_and_recorded(corner)
        assert (made, begun) == (done, set())
        assert len(done) == _FILES
    print(f"{landed} of {kills} landed, {partial} half-way")  # noqa: T201 - as above
    assert landed >= kills * 0.7, "too few kills hit a running migration"


@pytest.mark.timeout(60)
async def test_killed_migration_leaves_what_is_recorded_and_runs_again(
    pool: Pool, corner: Corner, folder: Path
) -> None:
    """After kill -9 at any moment the next start succeeds, unaided."""
    await _kill_runs(pool, corner, folder, 20)


@pytest.mark.long
@pytest.mark.timeout(300)
async def test_killed_migration_leaves_what_is_recorded_in_sixty_runs(
    pool: Pool, corner: Corner, folder: Path
) -> None:
    """The same, as often as stock yoyo needed to break 18 databases."""
    await _kill_runs(pool, corner, folder, 60)


async def test_three_processes_start_together_on_an_empty_database(
    corner: Corner, folder: Path
) -> None:
    """Each migration is applied once, and every process goes on."""
    processes = [await _start(corner, folder) for _ in range(3)]
    for process in processes:
        _go(process)
    outputs = [(await process.communicate())[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert sorted(outputs) == [b"0\n", b"0\n", b"25\n"]


async def test_killed_server_leaves_what_is_recorded_and_runs_again(
    folder: Path, tmp_path: Path
) -> None:
    """Kill -9 of PostgreSQL in the middle of a migration breaks nothing either."""
    server = EmbeddedServer(tmp_path / "data")
    address = await server.start()
    keeping = asyncio.get_running_loop().create_task(server.keep(_no_failure))
    host = Pool(address, search_path="public")
    chance, landed = random.Random(7), 0  # noqa: S311 - kill points, not secrets
    try:
        for round_ in range(4):
            corner = await prepare_corner(host, address, f"meter-{round_}x", None)
            running = asyncio.get_running_loop().create_task(
                migrate(corner.address, corner.schema, "meter-a", folder)
            )
            await asyncio.sleep(0.02 + chance.random() * 0.1)
            pid = server.pid
            assert pid is not None
            landed += not running.done()
            os.kill(pid, signal.SIGKILL)
            await asyncio.wait([running])
            assert running.exception() is None or isinstance(
                running.exception(), NxForgeError
            )
            await _until_it_answers(corner)
            made, done, begun = await _made_and_recorded(corner)
            assert made - begun == done
            await migrate(corner.address, corner.schema, "meter-a", folder)
            assert len((await _made_and_recorded(corner))[1]) == _FILES
        assert landed >= 2, "too few kills hit a running migration"
    finally:
        keeping.cancel()
        await host.close()
        await server.stop()


def _no_failure(error: NxForgeError) -> None:
    raise AssertionError(error)


async def _until_it_answers(corner: Corner) -> None:
    for _ in range(500):
        try:
            own = await asyncpg.connect(**corner.address.asyncpg_arguments())
        except (OSError, asyncpg.PostgresError):
            await asyncio.sleep(0.02)
        else:
            await own.close()
            return
    raise AssertionError
