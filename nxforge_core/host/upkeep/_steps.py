"""Every migration of a plugin, shipped or applied; its code is not needed."""

from __future__ import annotations

from pathlib import Path

from nxforge_core.database import (
    MigrationFile,
    MigrationState,
    read_folder,
    schema_name,
    status,
)
from nxforge_core.host._core import Core
from nxforge_core.plugins import Candidate
from nxforge_core.plugins.upkeep import MigrationStep, StepState, Surface

__all__ = ["migration_steps", "migrations_of"]


def migrations_of(plugin: Candidate, surface: Surface | None) -> Path | None:
    """The folder of a plugin's migrations: where it was, or where it mostly is."""
    named = surface.migrations if surface else None
    folder = plugin.folder / (named or "migrations")
    return folder if folder.is_dir() else None


async def migration_steps(core: Core, plugin: str, folder: Path) -> list[MigrationStep]:
    """All of them, in the order of their names.

    Raises:
        MigrationError: a file is not as it has to be.
    """
    files = {each.id: each for each in read_folder(plugin, folder)}
    found = await status(
        core.address, schema_name(plugin), folder, reader=core.database
    )
    return [_step(each, files.get(each.id)) for each in found]


def _step(found: MigrationState, file: MigrationFile | None) -> MigrationStep:
    return MigrationStep(
        id=found.id,
        state=_state(found, file),
        transactional=file is None or file.transactional,
        way_back=file is not None and file.rollback is not None,
        applied_at=found.applied_at,
    )


def _state(found: MigrationState, file: MigrationFile | None) -> StepState:
    if found.applied_at is None:
        return "pending"
    if not found.changed:
        return "applied"
    return "changed" if file else "gone"
