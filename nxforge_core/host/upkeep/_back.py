"""One migration of a plugin undone, through its own rollback SQL."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from nxforge_core.database import rollback, schema_name
from nxforge_core.host._core import Core
from nxforge_core.host.lifecycle import read_wishes
from nxforge_core.plugins import Candidate, Problem, UnknownPluginError
from nxforge_core.security.audit import Actor, add_audit

from ._corner import corner_address
from ._errors import NoMigrationsError, StillEnabledError
from ._steps import migrations_of

__all__ = ["roll_back"]


async def roll_back(
    core: Core,
    plugin: str,
    found: Sequence[Candidate | Problem],
    by: Actor,
    enable: Collection[str] = (),
) -> str:
    """Undo the migration of a plugin that was applied last; its code is not run.

    Args:
        core: The host's own corner.
        plugin: Its id.
        found: What is installed.
        by: The admin.
        enable: Ids that the settings enable.

    Returns:
        The id of the migration.

    Raises:
        UnknownPluginError: it is not installed.
        StillEnabledError: it is enabled: a host would apply the migration again.
        NoMigrationsError: it ships none.
        MigrationError: there is no way back, or it fails; nothing changed.
    """
    known = {each.id: each for each in found if isinstance(each, Candidate)}
    candidate = next((one for name, one in known.items() if name == plugin), None)
    if candidate is None:
        raise UnknownPluginError(plugin, known)
    wishes = await read_wishes(core.database, enable)
    if plugin in wishes.wanted:
        raise StillEnabledError(plugin)
    stored = wishes.known.get(candidate.id)
    folder = migrations_of(candidate, stored.surface if stored else None)
    if folder is None:
        raise NoMigrationsError(plugin)
    address = await corner_address(core, plugin)
    undone = await rollback(address, schema_name(plugin), plugin, folder)
    async with core.database.transaction() as connection:
        change = (None, {"migration": undone})
        await add_audit(connection, by, "plugins.rollback", plugin, change)
    return undone
