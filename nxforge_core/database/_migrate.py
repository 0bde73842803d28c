"""Each plugin's tables brought to the shape its code needs, or left as they were."""

from __future__ import annotations

import asyncio
from itertools import takewhile
from pathlib import Path

import msgspec

from nxforge_core.api.ports import Connection

from ._address import ServerAddress
from ._migration_files import read_folder
from ._migration_history import MigrationState, find_pending, read_applied, states
from ._shape import ShapeCheck

__all__ = ["MigrationReport", "Rehearsal", "migrate", "rehearse", "rollback", "status"]


class MigrationReport(msgspec.Struct, frozen=True, kw_only=True):
    """What one run did.

    Attributes:
        applied: Ids, in the order they ran.
        already: How many were applied before.
    """

    applied: tuple[str, ...]
    already: int


async def migrate(  # noqa: PLR0913 - each has its name
    address: ServerAddress,
    schema: str,
    plugin: str,
    folder: Path,
    *,
    reader: Connection | None = None,
    accept_changed: bool = False,
    check: ShapeCheck | None = None,
) -> MigrationReport:
    """Apply a plugin's pending migrations: all of them, or none.

    A session advisory lock lets one process at a time do it; the others find nothing
    pending afterwards. Files marked `-- transactional: false` end the transaction
    before them and run alone.

    Args:
        address: With the plugin's own login.
        schema: Must exist.
        plugin: For messages.
        folder: The plugin's migrations; at least one file.
        reader: An open connection or pool that may read the schema; it saves a
            login when nothing is pending.
        accept_changed: Take changed texts of applied files as they are now.
        check: Runs in the transaction of the last files, before it is committed.

    Raises:
        MigrationError: a subclass says what is wrong; nothing of the failing
            transaction stays.
        DatabaseUnavailableError: the server is gone; start again later.
    """
    files = read_folder(plugin, folder)
    applied = await read_applied(address, schema, reader)
    checksums = {identity: checksum for identity, (checksum, _) in applied.items()}
    if {file.id: file.sha256 for file in files} == checksums:
        return MigrationReport(applied=(), already=len(files))
    find_pending(plugin, folder, files, checksums, accept_changed=accept_changed)
    # yoyo and psycopg cost 100 ms and most starts need neither.
    from ._migrator import Migrator  # noqa: PLC0415

    migrator = Migrator(address, schema, plugin, folder, files)
    ran = await asyncio.to_thread(migrator.apply, check, accept_changed=accept_changed)
    return MigrationReport(applied=ran, already=len(files) - len(ran))


class Rehearsal(msgspec.Struct, frozen=True, kw_only=True):
    """What one rehearsal did, and undid.

    Attributes:
        ran: Ids, in the order of their names.
        left: Ids of the pending files that it came not to: the first of them cannot
            run in a transaction.
    """

    ran: tuple[str, ...]
    left: tuple[str, ...]


async def rehearse(
    address: ServerAddress,
    schema: str,
    plugin: str,
    folder: Path,
    *,
    reader: Connection,
    check: ShapeCheck | None = None,
) -> Rehearsal:
    """Apply pending migrations and the check in one transaction, then roll it back.

    Files marked `-- transactional: false` cannot be rehearsed, nor what comes after
    them; then the check is left out, too.

    Raises:
        MigrationError: as `migrate` would.
        DatabaseUnavailableError: the server is gone.
    """
    files = read_folder(plugin, folder)
    applied = await read_applied(address, schema, reader)
    checksums = {identity: checksum for identity, (checksum, _) in applied.items()}
    wanted = find_pending(plugin, folder, files, checksums)
    pending = [file for file in files if file.id in wanted]
    runs = list(takewhile(lambda file: file.transactional, pending))
    from ._rehearsal import run_rehearsal  # noqa: PLC0415 - as above

    final = check if len(runs) == len(pending) else None
    where = (schema, plugin, folder)
    await asyncio.to_thread(run_rehearsal, address, where, runs, final)
    return Rehearsal(
        ran=tuple(file.id for file in runs),
        left=tuple(file.id for file in pending[len(runs) :]),
    )


async def rollback(
    address: ServerAddress, schema: str, plugin: str, folder: Path
) -> str:
    """Undo the migration that was applied last, through its own rollback SQL.

    Returns:
        The id that was undone.

    Raises:
        NoWayBackError: nothing is applied, or the file has no `.rollback.sql`.
        MigrationFailedError: the rollback SQL failed; nothing changed.
    """
    files = read_folder(plugin, folder)
    from ._migrator import Migrator  # noqa: PLC0415 - as above

    migrator = Migrator(address, schema, plugin, folder, files)
    return await asyncio.to_thread(migrator.roll_back)


async def status(
    address: ServerAddress,
    schema: str,
    folder: Path,
    *,
    reader: Connection | None = None,
) -> list[MigrationState]:
    """Answer every migration of a plugin, applied or not. Changes nothing."""
    files = read_folder(schema, folder)
    return states(files, await read_applied(address, schema, reader))
