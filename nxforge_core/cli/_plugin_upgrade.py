"""`nxforge plugins upgrade`: hosts run the version that is installed now."""

from __future__ import annotations

import click

from ._console import console
from ._context import Where, asynchronous, with_settings
from ._installed import find_installed

__all__ = ["upgrade"]


@click.command("upgrade")
@click.argument("plugin")
@click.option("--yes", is_flag=True, help="Agree to all that it asks for.")
@with_settings
@asynchronous
async def upgrade(plugin: str, where: Where, *, yes: bool) -> None:
    """Have every host run the version of PLUGIN that pip installed.

    Where it asks for more permissions or capabilities than the one before, you have to
    agree. Its migrations run in one transaction.
    """
    from nxforge_core.host import Deadlines, open_core  # noqa: PLC0415  # slow
    from nxforge_core.host.upkeep import Upgrader  # noqa: PLC0415
    from nxforge_core.services import SystemClock  # noqa: PLC0415

    settings = where.load().settings
    async with open_core(settings) as core:
        seconds = Deadlines().load
        upgrader = Upgrader(core, SystemClock(), settings.plugins, seconds)
        done = await upgrader.upgrade(plugin, find_installed(), console(), yes=yes)
    for line in done:
        click.echo(line)
