"""The embedded server: started by us, survives kills, leaves nothing behind."""

# ruff: noqa: ASYNC240 - the files of a test are looked at where they lie
from __future__ import annotations

import asyncio
import os
import shutil
import signal
import stat
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import asyncpg
import pytest

import nxforge_core
from nxforge_core.api.errors import NxForgeError
from nxforge_core.database import (
    DataDirectoryError,
    EmbeddedServer,
    EmbeddedUserError,
    ServerAddress,
    ServerPasswordError,
)
from nxforge_core.database._binaries import find_binaries
from nxforge_core.database._confinement import Confinement, other_user

_OWNER = """
import asyncio, sys
from pathlib import Path
from nxforge_core.database import EmbeddedServer
async def main():
    server = EmbeddedServer(Path(sys.argv[1]))
    await server.start()
    print(server.pid, flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""


async def _select_one(address: ServerAddress) -> object:
    connection = await asyncpg.connect(**address.asyncpg_arguments())
    try:
        return await connection.fetchval("SELECT 1")
    finally:
        await connection.close()


async def _until(condition: Callable[[], bool], seconds: float = 8.0) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        await asyncio.sleep(0.02)
        if time.monotonic() > deadline:
            return condition()
    return True


def _is_dead(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        return state == "Z"
    return True


@asynccontextmanager
async def _other_owner(
    data_dir: Path,
) -> AsyncIterator[tuple[asyncio.subprocess.Process, int]]:
    root = str(Path(nxforge_core.__file__).parent.parent)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        _OWNER,
        str(data_dir),
        env={**os.environ, "PYTHONPATH": root},
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout
    try:
        yield process, int(await process.stdout.readline())
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory that was started and stopped once: initdb takes its time."""
    data_dir = tmp_path_factory.mktemp("prepared") / "data"
    with asyncio.Runner() as runner:
        server = EmbeddedServer(data_dir)
        runner.run(server.start())
        runner.run(server.stop())
    return data_dir


@pytest.fixture
def data_dir(prepared: Path, tmp_path: Path) -> Path:
    """A copy of a stopped server's directory below a closed folder."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    shutil.copytree(prepared, closed / "data")
    (closed / "data").chmod(0o700)
    return closed / "data"


async def test_server_starts_in_empty_folder_and_stops_cleanly(tmp_path: Path) -> None:
    """The first start makes everything; a clean stop leaves no process and no pid."""
    server = EmbeddedServer(tmp_path / "made" / "data")
    async with server as address:
        assert await _select_one(address) == 1
        pid = server.pid
        assert pid is not None
    assert _is_dead(pid)
    assert not (tmp_path / "made" / "data" / "cluster" / "postmaster.pid").exists()


async def test_permissions_stay_closed(data_dir: Path) -> None:
    """A 0700 parent stays 0700, the password is 0600, nothing is open to others."""
    async with EmbeddedServer(data_dir):
        modes = {
            name: stat.S_IMODE((data_dir / name).stat().st_mode)
            for name in (
                ".",
                "..",
                "password",
                "host-password",
                "cluster",
                "run",
                "server.log",
            )
        }
    assert modes == {
        ".": 0o700,
        "..": 0o700,
        "password": 0o600,
        "host-password": 0o600,
        "cluster": 0o700,
        "run": 0o700,
        "server.log": 0o600,
    }


async def test_warm_start_is_fast(data_dir: Path) -> None:
    """Start to first answer of an existing cluster stays far below 0.4 s."""
    figures = []
    for _ in range(3):
        begun = time.perf_counter()
        async with EmbeddedServer(data_dir):
            figures.append(time.perf_counter() - begun)
    assert min(figures) < 0.3


async def test_password_is_needed_and_never_shown(data_dir: Path) -> None:
    """Without the generated password the socket lets nobody in; repr hides it."""
    async with EmbeddedServer(data_dir) as address:
        assert address.password
        assert address.password not in repr(address)
        with pytest.raises(asyncpg.InvalidPasswordError):
            await _select_one(address.with_role(address.user, "guess"))


async def test_host_is_no_superuser_and_owns_its_database(data_dir: Path) -> None:
    """It may make logins for plugins, but no database, and nothing outside its own."""
    async with EmbeddedServer(data_dir) as address:
        connection = await asyncpg.connect(**address.asyncpg_arguments())
        row = await connection.fetchrow(
            "SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls,"
            " pg_has_role(rolname, (SELECT datdba FROM pg_database"
            " WHERE datname = current_database()), 'USAGE') AS owns"
            " FROM pg_roles WHERE rolname = current_user"
        )
        assert row is not None
        assert tuple(row.values()) == (False, True, False, False, False, True)
        assert await connection.fetchval("SHOW statement_timeout") == "1min"
        for attack in (
            "ALTER ROLE nxforge_host SUPERUSER",
            "ALTER ROLE nxforge PASSWORD 'x'",
            "CREATE DATABASE planted",
            "COPY (SELECT 1) TO PROGRAM 'true'",
            "SELECT pg_read_file('/etc/passwd')",
            "ALTER SYSTEM SET log_statement = 'all'",
            "SELECT * FROM pg_authid",
            "SET ROLE nxforge",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(attack)
        await connection.close()


async def test_lost_password_of_the_host_is_made_anew(data_dir: Path) -> None:
    """The server's own login gives the host another one."""
    (data_dir / "host-password").unlink()
    async with EmbeddedServer(data_dir) as address:
        assert await _select_one(address) == 1


async def test_password_file_of_another_cluster_is_named_at_once(
    data_dir: Path,
) -> None:
    """Waiting cannot help: owner and second process both say which file is wrong."""
    file = data_dir / "password"
    right = file.read_text()
    async with EmbeddedServer(data_dir):
        file.write_text("wrong")
        (data_dir / "host-password").write_text("lost")
        with pytest.raises(ServerPasswordError) as joining:
            await EmbeddedServer(data_dir).start()
    with pytest.raises(ServerPasswordError) as owning:
        await EmbeddedServer(data_dir).start()
    file.unlink()
    with pytest.raises(ServerPasswordError) as without:
        await EmbeddedServer(data_dir).start()
    for caught in (joining, owning, without):
        assert str(file) in caught.value.message
        assert "backup" in caught.value.remedy
    file.write_text(right)
    async with EmbeddedServer(data_dir) as address:
        assert await _select_one(address) == 1


async def test_second_process_connects_to_running_server(data_dir: Path) -> None:
    """Who does not get the lock uses the server of the one who has it."""
    async with _other_owner(data_dir) as (_, pid):
        second = EmbeddedServer(data_dir)
        async with second as address:
            assert not second.is_owner
            assert second.pid == pid
            assert await _select_one(address) == 1
        assert not _is_dead(pid), "leaving must not stop another owner's server"


async def test_server_ends_with_killed_owner_and_starts_again(data_dir: Path) -> None:
    """After kill -9 of the owner no server is left within seconds."""
    async with _other_owner(data_dir) as (owner, pid):
        owner.kill()
        assert await owner.wait() == -signal.SIGKILL
        assert await _until(lambda: _is_dead(pid))
    async with EmbeddedServer(data_dir) as address:
        assert await _select_one(address) == 1


async def test_start_right_after_killed_owner_waits_for_old_server(
    data_dir: Path,
) -> None:
    """The next start does not wait for the old server to be gone by itself."""
    async with _other_owner(data_dir) as (owner, pid):
        owner.kill()
        await owner.wait()
        async with EmbeddedServer(data_dir) as address:
            assert await _select_one(address) == 1
            assert _is_dead(pid)


async def test_another_process_takes_over_killed_owner(data_dir: Path) -> None:
    """`keep` starts the server again under the same address, committed data kept."""
    async with _other_owner(data_dir) as (owner, _):
        second = EmbeddedServer(data_dir)
        address = await second.start()
        connection = await asyncpg.connect(**address.asyncpg_arguments())
        await connection.execute("CREATE TABLE kept AS SELECT 7 AS value")
        failures: list[NxForgeError] = []
        keeping = asyncio.get_running_loop().create_task(second.keep(failures.append))
        try:
            owner.kill()
            assert await _until(lambda: second.is_owner and second.pid is not None)
            await connection.close()
            assert await _eventually(address, "SELECT value FROM kept") == 7
            assert failures == []
        finally:
            keeping.cancel()
            await second.stop()


async def test_killed_server_is_started_again(data_dir: Path) -> None:
    """`keep` heals a kill -9 of PostgreSQL itself, and committed data is there."""
    server = EmbeddedServer(data_dir)
    address = await server.start()
    keeping = asyncio.get_running_loop().create_task(server.keep(_no_failure))
    try:
        assert await _eventually(address, "CREATE TABLE kept AS SELECT 7 AS value")
        first = server.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        assert await _eventually(address, "SELECT value FROM kept") == 7
        assert server.pid != first
    finally:
        keeping.cancel()
        await server.stop()


@pytest.mark.parametrize("remains", ["", "12", "garbage\n", "999999\n/nowhere\n"])
async def test_damaged_pid_file_does_not_stop_a_start(
    data_dir: Path, remains: str
) -> None:
    """A truncated, wrong or stale postmaster.pid is no reason to give up."""
    (data_dir / "cluster" / "postmaster.pid").write_text(remains)
    async with EmbeddedServer(data_dir) as address:
        assert await _select_one(address) == 1


async def test_unfinished_initdb_is_healed(tmp_path: Path) -> None:
    """What a kill in the middle of initdb left is removed at the next start."""
    left = tmp_path / "data" / "cluster.new-0badcafe"
    left.mkdir(parents=True)
    (left / "PG_VERSION").write_text("18\n")
    async with EmbeddedServer(tmp_path / "data") as address:
        assert await _select_one(address) == 1
    assert not left.exists()


async def test_long_path_gets_private_socket_elsewhere(data_dir: Path) -> None:
    """Where the socket's path would be too long, a private folder takes it."""
    deep = data_dir.parent / ("x" * 60) / ("y" * 60)
    deep.mkdir(parents=True)
    data_dir.rename(deep / "data")
    async with EmbeddedServer(deep / "data") as address:
        folder = Path(address.host)
        assert len(address.host) < 80
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert await _select_one(address) == 1
    assert not folder.exists()


async def test_big_log_is_rotated_at_start(data_dir: Path) -> None:
    """The log is bounded: one older file is kept when it has grown."""
    log = data_dir / "server.log"
    with log.open("ab") as file:
        file.truncate(10_000_001)
    async with EmbeddedServer(data_dir):
        assert log.stat().st_size < 1_000_000
    assert log.with_suffix(".log.1").stat().st_size == 10_000_001


async def test_unusable_data_directory_is_named_with_remedy() -> None:
    """A place that cannot be written ends in one sentence with the path."""
    with pytest.raises(DataDirectoryError) as refused:
        await EmbeddedServer(Path("/proc/nxforge")).start()
    assert "/proc/nxforge" in refused.value.message
    assert "--data-dir" in refused.value.remedy


async def test_server_ends_with_owner_without_parent_death_signal(
    data_dir: Path,
) -> None:
    """Where the kernel does not help (macOS), the end of a pipe ends the server."""
    identity = ("unshare", "--user", "--map-user=65534", "--map-group=65534")
    confine = Confinement(
        identity=identity if os.geteuid() == 0 else (), parent_death_signal=False
    )
    server = EmbeddedServer(data_dir, confine=confine)
    async with server as address:
        assert await _select_one(address) == 1
        pid = server.pid
        assert pid is not None
        postmaster = server._postmaster
        assert postmaster
        assert postmaster._process
        assert postmaster._process.stdin
        postmaster._process.stdin.close()
        assert await _until(lambda: _is_dead(pid))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another user")
async def test_other_user_is_refused_where_it_cannot_reach_the_data(
    tmp_path: Path,
) -> None:
    """No folder outside the data directory is opened for it; the remedy is said."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(EmbeddedUserError) as refused:
        await other_user(closed / "data", find_binaries(tmp_path, None))
    assert "NXFORGE_DATABASE_URL" in refused.value.remedy
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another user")
async def test_other_user_runs_server_where_it_can_reach_the_data() -> None:
    """Without user namespaces root's server runs as nobody, owner of its files only."""
    with tempfile.TemporaryDirectory() as open_folder:
        data_dir = Path(open_folder) / "data"
        Path(open_folder).chmod(0o755)
        try:
            confine = await other_user(data_dir, find_binaries(data_dir, None))
        except EmbeddedUserError as refused:
            pytest.skip(refused.what)
        async with EmbeddedServer(data_dir, confine=confine) as address:
            assert await _select_one(address) == 1
            assert (data_dir / "cluster").stat().st_uid == 65534
            assert (data_dir / "password").stat().st_uid == 0
        async with EmbeddedServer(data_dir, confine=confine) as address:
            assert await _select_one(address) == 1


async def test_three_starts_at_once_share_one_server(tmp_path: Path) -> None:
    """One gets the lock of an empty directory, the others connect to its server."""
    servers = [EmbeddedServer(tmp_path / "data") for _ in range(3)]
    addresses = await asyncio.gather(*(server.start() for server in servers))
    assert len(set(map(repr, addresses))) == 1
    assert sum(server.is_owner for server in servers) == 1
    for server in sorted(servers, key=lambda one: one.is_owner):
        await server.stop()


def _no_failure(error: NxForgeError) -> None:
    raise AssertionError(error)


async def _eventually(address: ServerAddress, sql: str) -> object:
    deadline = time.monotonic() + 10
    while True:
        try:
            connection = await asyncpg.connect(**address.asyncpg_arguments())
            try:
                if sql.startswith("SELECT"):
                    return await connection.fetchval(sql)
                return await connection.execute(sql)
            finally:
                connection.terminate()
        except (OSError, asyncpg.PostgresError):
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.02)
