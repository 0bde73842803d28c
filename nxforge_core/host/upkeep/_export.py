"""All that is kept of a plugin, as one file.

::

    FILE.tar
      export.json      what it is of, and the SHA-256 of each other member
      schema.sql       the plugin's tables with their rows, as `pg_dump` writes them
      core/TABLE.jsonl runs, settings and the like, a row in each line
      files/...        what it stored as files
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import msgspec

from nxforge_core.api import Clock, load_sql
from nxforge_core.database import corner_exists, corner_rows, dump_database, schema_name
from nxforge_core.host._core import Core

from ._core_rows import exported_tables, pages
from ._errors import ExportError

__all__ = ["FORMAT", "Export", "export_plugin", "members"]

FORMAT: Final = 1
_SQL: Final = load_sql("nxforge_core.host")


class Export(msgspec.Struct, frozen=True, kw_only=True):
    """`export.json`.

    Attributes:
        rows: Of each of the plugin's own tables.
        sha256: By the name of a member.
        plugin: What the host knew of it.
    """

    format: int
    id: str
    distribution: str
    version: str
    made_at: datetime
    rows: Mapping[str, int]
    sha256: Mapping[str, str]
    agreed: Any = None
    surface: Any = None


async def export_plugin(
    core: Core, plugin: str, file: Path, files: Path, clock: Clock
) -> Export:
    """Write the file, for its owner only: whole, or not at all.

    Args:
        core: The host's own corner.
        plugin: Which plugin; it must not run.
        file: Where to; one that is there is not written over.
        files: The folder of what it stored as files.
        clock: Dates it.

    Raises:
        ExportError: it cannot be written, or is there already.
        DumpFailedError: its tables cannot be read.
    """
    if await asyncio.to_thread(file.exists):
        raise ExportError(file, "is there already")
    with TemporaryDirectory(prefix="nxforge-export-") as name:
        folder = Path(name)
        if await corner_exists(core.database, plugin):
            schema = [schema_name(plugin)]
            await dump_database(core.address, folder / "schema.sql", schema)
        for table in await exported_tables(core.database):
            await _write_rows(core, plugin, table, folder / "core")
        await asyncio.to_thread(_copy, files, folder / "files")
        export = await _described(core, plugin, folder, clock)
        (folder / "export.json").write_bytes(msgspec.json.encode(export))
        await asyncio.to_thread(_pack, folder, file)
    return export


def members(folder: Path) -> Iterator[tuple[str, str]]:
    """Names and SHA-256 of all files below a folder, but for `export.json`."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name != "export.json":
            with path.open("rb") as content:
                yield name, file_digest(content, "sha256").hexdigest()


async def _write_rows(core: Core, plugin: str, table: str, folder: Path) -> None:
    file = folder / f"{table}.jsonl"
    async for lines in pages(core.database, plugin, table):
        await asyncio.to_thread(_append, file, lines)


def _append(file: Path, lines: Sequence[str]) -> None:
    file.parent.mkdir(exist_ok=True)
    with file.open("a", encoding="utf-8") as opened:
        opened.writelines(f"{line}\n" for line in lines)


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target)


async def _described(core: Core, plugin: str, folder: Path, clock: Clock) -> Export:
    row = await core.database.fetchrow(_SQL.stored_plugin, plugin) or {}
    return Export(
        format=FORMAT,
        id=plugin,
        distribution=row.get("distribution", ""),
        version=row.get("version", ""),
        made_at=clock.now(),
        rows=await corner_rows(core.database, plugin),
        sha256=dict(await asyncio.to_thread(lambda: list(members(folder)))),
        agreed=row.get("agreed"),
        surface=row.get("surface"),
    )


def _pack(folder: Path, file: Path) -> None:
    draft = file.with_name(f".{file.name}.part")
    try:
        draft.unlink(missing_ok=True)
        number = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(number, "wb") as raw, tarfile.open(fileobj=raw, mode="w") as tar:
            tar.add(folder / "export.json", "export.json")
            for path in sorted(folder.rglob("*")):
                name = path.relative_to(folder).as_posix()
                if path.is_file() and name != "export.json":
                    tar.add(path, name)
            raw.flush()
            os.fsync(raw.fileno())
        draft.replace(file)
    except OSError as error:
        raise ExportError(file, f"cannot be written: {error.strerror}") from error
    finally:
        draft.unlink(missing_ok=True)
