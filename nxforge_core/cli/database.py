"""`nxforge database`: everything an installation keeps, as one file, and back."""

from __future__ import annotations

from pathlib import Path

import click

from nxforge_core.api import Database
from nxforge_core.security.audit import AuditTrail

from ._console import console
from ._context import Where, asynchronous, with_settings

__all__ = ["command"]

_FILE = click.Path(path_type=Path, dir_okay=False, resolve_path=True)


@click.group("database")
def command() -> None:
    """Back up the database, restore it, let somebody read it."""


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


@command.command("reader")
@click.argument("name")
@click.option("--drop", is_flag=True, help="End the login.")
@with_settings
@asynchronous
async def reader(name: str, drop: bool, where: Where) -> None:  # noqa: FBT001  # click passes it by name
    """Make a login that can only read what plugins let reports read; print its URL.

    Called again it gives the login a new password. The URL is shown only now.
    """
    from nxforge_core.database import drop_reader, make_reader  # noqa: PLC0415
    from nxforge_core.host import open_core  # noqa: PLC0415

    async with open_core(where.load().settings) as core:
        trail = AuditTrail(core.database)
        if drop:
            await drop_reader(core.database, name)
            await trail.add(console(), "database.drop_reader", name)
            return
        login, password = await make_reader(core.database, core.instance, name)
        await trail.add(console(), "database.reader", name)
        await _open_installed(core.database, core.instance)
    click.echo(core.address.with_role(login, password).url())


async def _open_installed(database: Database, instance: str) -> None:
    from nxforge_core.database import open_reading, schema_name  # noqa: PLC0415
    from nxforge_core.plugins import Candidate  # noqa: PLC0415

    from ._installed import find_installed  # noqa: PLC0415

    for found in find_installed():
        if isinstance(found, Candidate):
            names = found.manifest.readable
            await open_reading(database, instance, schema_name(found.id), names)
