"""Migrations of a plugin tried out, and run by who upgrades it."""

from __future__ import annotations

from pathlib import Path

from nxforge_core.database import (
    MigrationError,
    corner_exists,
    migrate,
    rehearse,
    schema_name,
)
from nxforge_core.host._core import Core
from nxforge_core.host._shape_checks import shape_check
from nxforge_core.plugins import Candidate
from nxforge_core.plugins.upkeep import Rehearsed

from ._corner import corner_address

__all__ = ["migrate_ahead", "rehearsed"]


async def rehearsed(core: Core, plugin: Candidate, folder: Path) -> Rehearsed:
    """What came of a rehearsal; the tables are as they were."""
    address = await corner_address(core, plugin.id)
    try:
        done = await rehearse(
            address,
            schema_name(plugin.id),
            plugin.id,
            folder,
            reader=core.database,
            check=shape_check(plugin.id, plugin.folder),
        )
    except MigrationError as error:
        return Rehearsed(ran=[], left=[], problem=error.message, remedy=error.remedy)
    return Rehearsed(
        ran=list(done.ran), left=list(done.left), problem=None, remedy=None
    )


async def migrate_ahead(core: Core, plugin: Candidate, folder: Path) -> tuple[str, ...]:
    """Bring the tables of a plugin that ran before to their new shape, or leave them.

    Returns:
        Ids of what was applied; nothing for a plugin without tables yet.

    Raises:
        MigrationError: they are as they were.
    """
    if not await corner_exists(core.database, plugin.id):
        return ()
    report = await migrate(
        await corner_address(core, plugin.id),
        schema_name(plugin.id),
        plugin.id,
        folder,
        reader=core.database,
        check=shape_check(plugin.id, plugin.folder),
    )
    return report.applied
