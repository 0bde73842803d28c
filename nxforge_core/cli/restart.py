"""`nxforge restart`: every process of the installation starts anew."""

from __future__ import annotations

import click

from ._console import console, open_database
from ._context import Where, asynchronous, with_settings

__all__ = ["command"]


@click.command("restart")
@with_settings
@asynchronous
async def command(where: Where) -> None:
    """Have every `serve` and `worker` start anew.

    Their jobs end within the grace, their requests are answered; who connects meanwhile
    waits a moment. A host inside another application is restarted with that.
    """
    from nxforge_core.host import say_restart  # noqa: PLC0415  # slow

    async with open_database(where) as (database, _):
        await say_restart(database, console())
    click.echo("running processes start anew")
