"""`nxforge database`: everything an installation keeps, as one file, and back."""

from __future__ import annotations

from pathlib import Path

import click

from ._context import Where, asynchronous, with_settings

__all__ = ["command"]

_FILE = click.Path(path_type=Path, dir_okay=False, resolve_path=True)


@click.group("database")
def command() -> None:
    """Back up the database, restore it."""


@command.command("dump")
@click.argument("file", type=_FILE)
@with_settings
@asynchronous
async def dump(file: Path, where: Where) -> None:
    """Write everything in the database to a file, beside a running host."""
    from nxforge_core.database import dump_database  # noqa: PLC0415  # slow to import
    from nxforge_core.host import open_server  # noqa: PLC0415

    async with open_server(where.load().settings) as address:
        await dump_database(address, file)
    click.echo(f"wrote {file}; keep a copy of the key file elsewhere")


@command.command("restore")
@click.argument("file", type=_FILE)
@with_settings
@asynchronous
async def restore(file: Path, where: Where) -> None:
    """Bring such a file into an empty database; then start the host."""
    from nxforge_core.database import restore_database  # noqa: PLC0415
    from nxforge_core.host import open_server  # noqa: PLC0415

    async with open_server(where.load().settings) as address:
        await restore_database(address, file)
    click.echo("restored; put the key file in its place, then start the host")
