"""Migrations: all or nothing per plugin, recorded with what ran."""

from __future__ import annotations

import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import asyncpg
import pytest

from nxforge_core.database import (
    Corner,
    DatabaseUnavailableError,
    MigrationChangedError,
    MigrationFailedError,
    MigrationFileError,
    MigrationMissingError,
    MigrationReport,
    MigrationState,
    NoWayBackError,
    Pool,
    ServerAddress,
    migrate,
    prepare_corner,
    rollback,
    status,
)

Write = Callable[..., Path]

_DO_BLOCK = """\
-- Decides once, while the table is empty.
DO $choose$
BEGIN
    IF EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb') THEN
        RAISE NOTICE 'hypertable; with a semicolon';
    ELSE
        EXECUTE 'CREATE TABLE chosen (x int); CREATE INDEX ON chosen (x);';
    END IF;
END
$choose$;

CREATE FUNCTION doubled(value int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE result int;
BEGIN
    result := value * 2;
    RETURN result;
END;
$$;

CREATE FUNCTION tripled(value int) RETURNS int LANGUAGE sql
BEGIN ATOMIC SELECT value * 3; END;

SELECT 'rows of a migration are not printed, 100 % sure';
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty migrations folder."""
    made = tmp_path / "migrations"
    made.mkdir()
    return made


@pytest.fixture
def write(folder: Path) -> Write:
    """Write files: `write("001_x.sql", "SELECT 1")`."""

    def write_file(name: str, text: str) -> Path:
        (folder / name).write_text(text)
        return folder / name

    return write_file


@pytest.fixture
async def corner(pool: Pool, database: ServerAddress) -> Corner:
    """A plugin's corner with its own login."""
    return await prepare_corner(pool, database, "meter-a", None)


async def _run(corner: Corner, folder: Path) -> MigrationReport:
    return await migrate(corner.address, corner.schema, "meter-a", folder)


async def _tables(pool: Pool) -> set[str]:
    rows = await pool.fetch(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'nxp_meter_a' "
        "AND tablename !~ '^_?(yoyo|nxforge)_'"
    )
    return {row["tablename"] for row in rows}


async def test_migrations_apply_once_in_order(
    pool: Pool, corner: Corner, folder: Path, write: Write
) -> None:
    """The first run applies all, the second none, a later one what is new."""
    write("001_create_a.sql", "CREATE TABLE a (x int);")
    write("002_create_b.sql", "-- depends: 001_create_a\nCREATE TABLE b (x int);")
    assert await _run(corner, folder) == MigrationReport(
        applied=("001_create_a", "002_create_b"), already=0
    )
    assert await _run(corner, folder) == MigrationReport(applied=(), already=2)
    write("003_create_c.sql", "CREATE TABLE c (x int);")
    assert await _run(corner, folder) == MigrationReport(
        applied=("003_create_c",), already=2
    )
    assert await _tables(pool) == {"a", "b", "c"}


async def test_do_blocks_and_function_bodies_run_whole(
    pool: Pool,
    corner: Corner,
    folder: Path,
    write: Write,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Nobody splits SQL at semicolons, and nothing reaches standard output."""
    write("001_decide_storage.sql", _DO_BLOCK)
    await _run(corner, folder)
    sums = "SELECT nxp_meter_a.doubled(2) + nxp_meter_a.tripled(3)"
    assert await pool.fetchval(sums) == 13
    assert await _tables(pool) == {"chosen"}
    assert capsys.readouterr().out == ""


async def test_nothing_pending_is_decided_in_milliseconds(
    pool: Pool, corner: Corner, folder: Path, write: Write
) -> None:
    """A start without new files costs one query and imports no migration tool."""
    for number in range(10):
        write(f"{number:03}_create.sql", f"CREATE TABLE t{number} (x int);")
    await _run(corner, folder)
    await pool.fetchval("SELECT 1")
    figures = []
    for _ in range(5):
        begun = time.perf_counter()
        report = await migrate(
            corner.address, corner.schema, "meter-a", folder, reader=pool
        )
        figures.append(time.perf_counter() - begun)
        assert report.already == 10
    assert min(figures) < 0.01


async def test_failing_file_rolls_back_the_whole_plugin(
    pool: Pool, corner: Corner, folder: Path, write: Write
) -> None:
    """An error in the second file undoes the first one too, and names its line."""
    write("001_create_a.sql", "CREATE TABLE a (x int);")
    path = write(
        "002_break.sql",
        "-- why\nCREATE TABLE b (x int);\n\nINSERT INTO b\nVALUES ('no number');\n",
    )
    with pytest.raises(MigrationFailedError) as failed:
        await _run(corner, folder)
    assert (failed.value.file, failed.value.line) == (path, 5)
    assert failed.value.plugin == "meter-a"
    assert "invalid input syntax for type integer" in failed.value.message
    assert failed.value.kept == ()
    assert await _tables(pool) == set()
    path.write_text("CREATE TABLE b (x int);")
    assert len((await _run(corner, folder)).applied) == 2


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("SELECT 1;\nSELECT nothing;", 2),
        ("SELECT 1;\n\n-- why\nDROP TABLE not_there;", 4),
        ("DO $$\nBEGIN\n  PERFORM 1;\n  RAISE 'on purpose';\nEND $$;", 4),
        ("SELECT 1;\n\nDO $$ BEGIN\n  PERFORM 1 / 0;\nEND $$;", 4),
    ],
)
async def test_failure_names_the_line(
    corner: Corner, folder: Path, write: Write, text: str, line: int
) -> None:
    """Wherever PostgreSQL says where it was, the file's line is known."""
    write("001_break.sql", text)
    with pytest.raises(MigrationFailedError) as failed:
        await _run(corner, folder)
    assert failed.value.line == line


async def test_changed_file_is_refused_with_both_hashes(
    pool: Pool, corner: Corner, folder: Path, write: Write
) -> None:
    """What was applied stays as it was, until the change is accepted on purpose."""
    old, new = "CREATE TABLE a (x int);", "CREATE TABLE a (x bigint);"
    write("001_create_a.sql", old)
    await _run(corner, folder)
    write("001_create_a.sql", new)
    write("002_create_b.sql", "CREATE TABLE b (x int);")
    with pytest.raises(MigrationChangedError, match=r"001_create_a\.sql") as changed:
        await _run(corner, folder)
    assert changed.value.applied == sha256(old.encode()).hexdigest()
    assert changed.value.found == sha256(new.encode()).hexdigest()
    assert changed.value.applied in changed.value.message
    assert changed.value.found in changed.value.message
    assert await _tables(pool) == {"a"}
    report = await migrate(
        corner.address, corner.schema, "meter-a", folder, accept_changed=True
    )
    assert report.applied == ("002_create_b",)
    assert await _run(corner, folder) == MigrationReport(applied=(), already=2)


async def test_missing_applied_file_is_refused(
    corner: Corner, folder: Path, write: Write
) -> None:
    """An older plugin over newer tables is noticed before it runs."""
    write("001_create_a.sql", "CREATE TABLE a (x int);")
    write("002_create_b.sql", "CREATE TABLE b (x int);")
    await _run(corner, folder)
    (folder / "002_create_b.sql").unlink()
    with pytest.raises(MigrationMissingError) as missing:
        await _run(corner, folder)
    assert missing.value.ids == ("002_create_b",)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT 1;\nCOMMIT;",
        "SELECT 1;\n-- end it\nROLLBACK",
        "SELECT 1;\n/* x */ begin;",
        "SELECT 1;\nSTART TRANSACTION;",
        "SELECT 1;\nSET LOCAL lock_timeout = 0;",
        "SELECT 1;\nreset lock_timeout;",
    ],
)
async def test_transaction_control_is_refused_before_anything_runs(
    pool: Pool, corner: Corner, folder: Path, write: Write, text: str
) -> None:
    """A file cannot cut the host's transaction in two, nor wait for ever in it."""
    write("001_create_a.sql", "CREATE TABLE a (x int);")
    write("002_end_it.sql", text)
    with pytest.raises(MigrationFileError, match=r"002_end_it\.sql:[23] is refused"):
        await _run(corner, folder)
    assert await _tables(pool) == set()


async def test_hidden_commit_is_noticed(
    corner: Corner, folder: Path, write: Write
) -> None:
    r"""A COMMIT the splitter misses (after 'C:\') does not end in a false record."""
    write("001_hide.sql", "SELECT 'C:\\'; COMMIT;")
    with pytest.raises((MigrationFailedError, MigrationFileError)):
        await _run(corner, folder)
    assert [state.applied_at for state in await _status(corner, folder)] == [None]


async def test_same_file_name_in_two_plugins_is_no_conflict(
    pool: Pool, database: ServerAddress, folder: Path, write: Write, tmp_path: Path
) -> None:
    """Each plugin's history and dependencies are its own."""
    write("001_init.sql", "CREATE TABLE a (x int);")
    write("002_more.sql", "-- depends: 001_init\nCREATE TABLE b (x int);")
    other = tmp_path / "other"
    other.mkdir()
    (other / "002_more.sql").write_text("-- depends: 001_init\nSELECT 1;")
    first = await prepare_corner(pool, database, "meter-a", None)
    second = await prepare_corner(pool, database, "meter-b", None)
    await migrate(first.address, first.schema, "meter-a", folder)
    with pytest.raises(MigrationFileError, match="depend"):
        await migrate(second.address, second.schema, "meter-b", other)
    (other / "001_init.sql").write_text("CREATE TABLE z (x int);")
    report = await migrate(second.address, second.schema, "meter-b", other)
    assert report.applied == ("001_init", "002_more")


async def test_rollback_undoes_one_step_by_its_own_sql(
    pool: Pool, corner: Corner, folder: Path, write: Write
) -> None:
    """Up, down, up: one step back in one transaction, and forward again."""
    write("001_create_a.sql", "CREATE TABLE a (x int);")
    write("002_create_b.sql", "CREATE TABLE b (x int);\nCREATE TABLE c (x int);")
    write("002_create_b.rollback.sql", "DROP TABLE c;\nDROP TABLE b;")
    await _run(corner, folder)
    undone = await rollback(corner.address, corner.schema, "meter-a", folder)
    assert undone == "002_create_b"
    assert await _tables(pool) == {"a"}
    with pytest.raises(NoWayBackError, match="001_create_a"):
        await rollback(corner.address, corner.schema, "meter-a", folder)
    assert (await _run(corner, folder)).applied == ("002_create_b",)
    assert await _tables(pool) == {"a", "b", "c"}


async def test_failing_rollback_changes_nothing(
    pool: Pool, corner: Corner, folder: Path, write: Write
) -> None:
    """A rollback that cannot be done is rolled back itself."""
    write("001_create_a.sql", "CREATE TABLE a (x int);")
    path = write("001_create_a.rollback.sql", "DROP TABLE a;\nDROP TABLE never;")
    await _run(corner, folder)
    with pytest.raises(MigrationFailedError) as failed:
        await rollback(corner.address, corner.schema, "meter-a", folder)
    assert (failed.value.file, failed.value.line) == (path, 2)
    assert await _tables(pool) == {"a"}
    assert await _run(corner, folder) == MigrationReport(applied=(), already=1)


async def test_rollback_of_nothing_is_refused(
    corner: Corner, folder: Path, write: Write
) -> None:
    """An empty history has no step back."""
    write("001_create_a.sql", "CREATE TABLE a (x int);")
    with pytest.raises(NoWayBackError, match="nothing is applied"):
        await rollback(corner.address, corner.schema, "meter-a", folder)


async def test_non_transactional_file_runs_between_transactions(
    pool: Pool, corner: Corner, folder: Path, write: Write
) -> None:
    """CREATE INDEX CONCURRENTLY works; what came before it stays when it fails."""
    write("001_create_a.sql", "CREATE TABLE a (x int);")
    write(
        "002_index_a.sql",
        "-- transactional: false\nCREATE INDEX CONCURRENTLY a_x ON a (x);",
    )
    write("002_index_a.rollback.sql", "DROP INDEX CONCURRENTLY IF EXISTS a_x;")
    write("003_break.sql", "SELECT nothing;")
    with pytest.raises(MigrationFailedError) as failed:
        await _run(corner, folder)
    assert failed.value.kept == ("001_create_a", "002_index_a")
    (folder / "003_break.sql").write_text("SELECT 1;")
    assert (await _run(corner, folder)).applied == ("003_break",)
    valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = $1::regclass"
    assert await pool.fetchval(valid, "nxp_meter_a.a_x") is True


async def test_interrupted_non_transactional_file_is_undone_and_run_again(
    pool: Pool, corner: Corner, folder: Path, write: Write
) -> None:
    """What a kill in the middle left is removed by the file's own rollback SQL."""
    write("001_create_a.sql", "CREATE TABLE a (x int);")
    await _run(corner, folder)
    write(
        "002_index_a.sql",
        "-- transactional: false\nCREATE INDEX CONCURRENTLY a_x ON a (x);",
    )
    write("002_index_a.rollback.sql", "DROP INDEX CONCURRENTLY IF EXISTS a_x;")
    own = await asyncpg.connect(**corner.address.asyncpg_arguments())
    await own.execute("CREATE INDEX a_x ON a (x)")
    await own.execute(
        "INSERT INTO _nxforge_migration (id, sha256, done) "
        "VALUES ('002_index_a', 'begun', false)"
    )
    await own.close()
    assert (await _run(corner, folder)).applied == ("002_index_a",)
    states = await _status(corner, folder)
    assert [state.changed for state in states] == [False, False]
    assert await pool.fetchval("SELECT to_regclass('nxp_meter_a.a_x')") is not None


async def test_status_lists_applied_pending_and_changed(
    corner: Corner, folder: Path, write: Write
) -> None:
    """One list tells when each file was applied, which wait, which were changed."""
    write("001_create_a.sql", "CREATE TABLE a (x int);")
    write("002_create_b.sql", "CREATE TABLE b (x int);")
    await _run(corner, folder)
    write("002_create_b.sql", "CREATE TABLE b (x bigint);")
    write("003_create_c.sql", "CREATE TABLE c (x int);")
    states = await _status(corner, folder)
    assert [(s.id, s.applied_at is not None, s.changed) for s in states] == [
        ("001_create_a", True, False),
        ("002_create_b", True, True),
        ("003_create_c", False, False),
    ]


async def test_history_of_plain_yoyo_is_taken_over(
    pool: Pool, corner: Corner, folder: Path, write: Write
) -> None:
    """What yoyo alone has applied is recorded and not run a second time."""
    write("001_create_a.sql", "CREATE TABLE a (x int);")
    await _run(corner, folder)
    await pool.execute("DROP TABLE nxp_meter_a._nxforge_migration")
    assert await _run(corner, folder) == MigrationReport(applied=(), already=1)
    assert [state.changed for state in await _status(corner, folder)] == [False]


async def test_unreachable_server_is_no_fault_of_the_plugin(
    folder: Path, write: Write
) -> None:
    """An outage during a start is told apart from a broken migration."""
    write("001_create_a.sql", "CREATE TABLE a (x int);")
    address = ServerAddress(host="127.0.0.1", port=1, user="nobody")
    with pytest.raises(DatabaseUnavailableError):
        await migrate(address, "nxp_meter_a", "meter-a", folder)


async def _status(corner: Corner, folder: Path) -> list[MigrationState]:
    return await status(corner.address, corner.schema, folder)
