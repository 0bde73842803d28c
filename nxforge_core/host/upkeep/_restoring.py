"""A plugin that was removed, brought back from its export."""

from __future__ import annotations

import asyncio
import shutil
import tarfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import msgspec

from nxforge_core.api import Connection, load_sql
from nxforge_core.database import bring_in, corner_exists, drop_corner, schema_name
from nxforge_core.host._core import Core
from nxforge_core.security.audit import Actor, add_audit

from . import _core_rows
from ._errors import ExportError, NotRemovedError
from ._export import FORMAT, Export, members

__all__ = ["restore_plugin"]

_SQL: Final = load_sql("nxforge_core.host")
_PAGE: Final = 5_000


async def restore_plugin(core: Core, file: Path, files: Path, by: Actor) -> Export:
    """Bring a plugin's tables, runs, settings and files back; an admin enables it.

    Args:
        core: The host's own corner.
        file: As `export_plugin` wrote it.
        files: The folder of what plugins store as files.
        by: The admin.

    Raises:
        ExportError: it is no export, or not whole.
        NotRemovedError: there is something of the plugin already.
        DumpFailedError: its tables cannot be brought in; nothing changed.
    """
    with TemporaryDirectory(prefix="nxforge-restore-") as name:
        folder = Path(name)
        export = await asyncio.to_thread(_unpacked, file, folder)
        if await corner_exists(core.database, export.id):
            raise NotRemovedError(export.id, schema_name(export.id))
        schema = folder / "schema.sql"
        if schema.exists():
            await bring_in(core.address, schema)
        try:
            async with core.database.transaction() as connection:
                await _bring_core(connection, export, folder)
                after = {"version": export.version, "rows": dict(export.rows)}
                change = (None, after)
                await add_audit(connection, by, "plugins.restore", export.id, change)
        except BaseException:
            async with core.database.transaction() as connection:
                await drop_corner(connection, export.id)
            raise
        if (folder / "files").is_dir():
            source, target = folder / "files", files / export.id
            await asyncio.to_thread(shutil.copytree, source, target)
    return export


async def _bring_core(connection: Connection, export: Export, folder: Path) -> None:
    facts = (export.id, export.distribution, export.version)
    await connection.execute(_SQL.bring_plugin, *facts, export.agreed, export.surface)
    for table in await _core_rows.exported_tables(connection):
        path = folder / "core" / f"{table}.jsonl"
        for lines in _pages(path) if path.exists() else ():
            await _core_rows.bring(connection, table, lines)
        if table == "run" and path.exists():
            await connection.fetchval(_SQL.catch_up_runs)
    await connection.execute(_SQL.tell_wishes)


def _unpacked(file: Path, folder: Path) -> Export:
    try:
        with tarfile.open(file) as tar:
            tar.extractall(folder, filter="data")
        raw = (folder / "export.json").read_bytes()
        export = msgspec.json.decode(raw, type=Export)
    except (OSError, tarfile.TarError, msgspec.DecodeError) as error:
        raise ExportError(file, f"is no export of a plugin: {error}") from error
    if export.format != FORMAT:
        raise ExportError(file, f"has the format {export.format}, not {FORMAT}")
    if dict(members(folder)) != export.sha256:
        raise ExportError(file, "is not what was exported: its checksums differ")
    return export


def _pages(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8") as lines:
        while page := list(islice(lines, _PAGE)):
            yield page
