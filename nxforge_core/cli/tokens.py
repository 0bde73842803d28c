"""`nxforge tokens`: who may call the API."""

from __future__ import annotations

from datetime import timedelta

import click

from nxforge_core.security import ROLES, Limits, TokenStore
from nxforge_core.security.people import Accounts, Links

from ._console import console, open_database
from ._context import (
    Where,
    asynchronous,
    print_json,
    print_table,
    with_settings,
)

__all__ = ["command"]

_ROLE = click.option(
    "--role", required=True, help=f"One of {', '.join(ROLES)}, or an own role."
)


@click.group("tokens")
def command() -> None:
    """Create, list and revoke API tokens."""


@command.command("create")
@click.argument("name")
@click.option("--role", help=f"One of {', '.join(ROLES)}, or an own role.")
@click.option("--user", help="Whose it is, instead of a role of its own.")
@click.option("--permission", "permissions", multiple=True, help="Nothing but this.")
@click.option("--plugin", "plugins", multiple=True, help="Of nothing but this plugin.")
@click.option("--days", type=click.IntRange(1, 3650), help="Ends after so many days.")
@with_settings
@asynchronous
async def create(  # noqa: PLR0913 - one for each option
    name: str,
    where: Where,
    *,
    role: str | None,
    user: str | None,
    permissions: tuple[str, ...],
    plugins: tuple[str, ...],
    days: int | None,
) -> None:
    """Make a token and print it, alone, on standard output. It is shown only now."""
    if (role is None) is (user is None):
        words = "give either --role or --user"
        raise click.UsageError(words)
    limits = Limits(permissions or None, plugins or None)
    async with open_database(where) as (database, clock):
        tokens = TokenStore(database, clock)
        ends = None if days is None else clock.now() + timedelta(days=days)
        if user is not None:
            person = await Accounts(database, clock).find(user)
            made = await tokens.create_own(
                name, person.id, ends, limits=limits, by=console()
            )
        else:
            made = await tokens.create(
                name, str(role), ends, limits=limits, by=console()
            )
    click.echo(made.text)


@command.command("link")
@click.argument("name")
@_ROLE
@with_settings
@asynchronous
async def link(name: str, role: str, where: Where) -> None:
    """Print the path of a link that logs a guest in, once, within ten minutes."""
    async with open_database(where) as (database, clock):
        code = await Links(database, clock).login(role, name, console())
    click.echo(f"/login/{code}")


@command.command("list")
@click.option("--json", "as_json", is_flag=True)
@with_settings
@asynchronous
async def list_tokens(as_json: bool, where: Where) -> None:  # noqa: FBT001  # click passes it by name
    """List active tokens; their texts are not known to anybody."""
    async with open_database(where) as (database, clock):
        found = await TokenStore(database, clock).list()
    if as_json:
        print_json(found)
        return
    columns = ["id", "holder", "name", "role", "hint", "expires_at", "last_used_at"]
    print_table(columns, [[getattr(one, key) for key in columns] for one in found])


@command.command("revoke")
@click.argument("name")
@with_settings
@asynchronous
async def revoke(name: str, where: Where) -> None:
    """Revoke a token by name or id, in every process at once."""
    async with open_database(where) as (database, clock):
        count = await TokenStore(database, clock).revoke(name, console())
    click.echo(f"revoked {count}")
