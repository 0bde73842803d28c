"""A dump by command, restored into an embedded server: the same installation."""

from __future__ import annotations

import os
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from nxforge_core.database import (
    DumpFailedError,
    EmbeddedServer,
    NoDumpProgramError,
    NotEmptyError,
    dump_database,
    restore_database,
)
from nxforge_core.database._dump import _programs
from nxforge_core.settings import DatabaseSettings, JobSettings, Settings

Start = Callable[..., Awaitable[Any]]
Nxforge = Callable[..., Awaitable[str]]

#: Servers of their own and PostgreSQL's programs take their time on a busy machine.
pytestmark = [pytest.mark.usefixtures("meter"), pytest.mark.timeout(60)]


async def test_dump_of_any_server_starts_on_an_embedded_one(
    start: Start, nxforge: Nxforge, settings: Settings, tmp_path: Path
) -> None:
    """Rows, tokens and the trail come along; the file is for its owner only."""
    host = await start("meter", jobs=JobSettings())
    headers = await host.bearer("operator")
    body = {"meterId": 7, "value": "12.5"}
    await host.client.post("/api/v1/m/meter/readings", json=body, headers=headers)
    file = tmp_path / "nxforge.sql"

    said = await nxforge("database", "dump", file)
    await host.app.stop()
    data = tmp_path / "elsewhere"
    data.mkdir()
    shutil.copy2(settings.data_dir / "secret.key", data)
    async with EmbeddedServer(data / "postgresql") as address:
        await restore_database(address, file)
        host = await start(
            "meter", data_dir=data, database=DatabaseSettings(), jobs=JobSettings()
        )
        shown = await host.client.get("/api/v1/m/meter/readings", headers=headers)
        trail = await host.running.security.audit.verify()
        with pytest.raises(NotEmptyError, match="already"):
            await restore_database(address, file)
        await host.app.stop()

    assert "keep a copy of the key file" in said
    assert file.stat().st_mode & 0o777 == 0o600
    # Servers before 17 do not know it.
    assert b"\nSET transaction_timeout" not in file.read_bytes()
    assert [each["meterId"] for each in shown.json()["data"]] == [7]
    assert (trail.rows, dict(trail.broken)) == (1, {})
    assert host.running.security.protection == ""


async def test_broken_dump_leaves_the_database_empty(
    start: Start, database: Any, tmp_path: Path
) -> None:
    """Half a file is refused as a whole, with PostgreSQL's own words."""
    file = tmp_path / "nxforge.sql"
    file.write_text("create schema nxforge; create table nxforge.x (); select 1/0;")

    for _ in range(2):
        with pytest.raises(DumpFailedError, match="division by zero"):
            await restore_database(database, file)

    assert (await start("meter")).running.started


async def test_dump_that_cannot_be_written_leaves_no_file(
    database: Any, tmp_path: Path
) -> None:
    """Neither under its name nor as a draft."""
    folder = tmp_path / "backups"
    folder.mkdir()
    with pytest.raises(DumpFailedError, match="No such file"):
        await dump_database(database, folder / "missing" / "nxforge.sql")
    with pytest.raises(DumpFailedError, match="no matching schemas"):
        await dump_database(database, folder / "nxforge.sql")

    assert os.listdir(folder) == []  # noqa: PTH208 - no draft, whatever its name


async def test_programs_that_are_too_old_are_named() -> None:
    """Nobody finds out from a dump that lacks something."""
    with pytest.raises(NoDumpProgramError, match=r"PostgreSQL 99 .* the newest is of"):
        await _programs(99)
