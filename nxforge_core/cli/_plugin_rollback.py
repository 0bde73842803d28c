"""`nxforge plugins rollback`: one migration back."""

from __future__ import annotations

import click

from ._console import console
from ._context import Where, asynchronous, with_settings
from ._installed import find_installed

__all__ = ["rollback"]


@click.command("rollback")
@click.argument("plugin")
@with_settings
@asynchronous
async def rollback(plugin: str, where: Where) -> None:
    """Undo the migration of PLUGIN that was applied last, by its own rollback SQL.

    The plugin must be disabled. Nothing of its code is run.
    """
    from nxforge_core.host import open_core  # noqa: PLC0415  # slow
    from nxforge_core.host.upkeep import roll_back  # noqa: PLC0415

    settings = where.load().settings
    async with open_core(settings) as core:
        enable = settings.plugins.enable
        undone = await roll_back(core, plugin, find_installed(), console(), enable)
    click.echo(f"undone: {undone}; install the version before, then enable it")
