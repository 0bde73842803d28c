"""`nxforge users`: people, their roles, and links that set a password."""

from __future__ import annotations

import click

from nxforge_core.api import ConflictError
from nxforge_core.security import ROLES
from nxforge_core.security.people import (
    Accounts,
    Links,
    NewPerson,
    OwnRoles,
    PersonChange,
)

from ._console import console, open_database
from ._context import Where, asynchronous, print_json, print_table, with_settings

__all__ = ["SetupDoneError", "command"]

_COLUMNS = ["name", "role", "active", "display_name", "email", "last_login_at"]


class SetupDoneError(ConflictError):
    """Somebody administers this host already."""

    code = "setup_done"

    def __init__(self) -> None:
        super().__init__(
            "somebody administers this host already",
            remedy="'nxforge users reset-link NAME' lets them set a new password",
        )


@click.group("users")
def command() -> None:
    """Create, list and change people and their roles."""


@command.command("create")
@click.argument("name")
@click.option("--role", required=True, help=f"{', '.join(ROLES)} or an own role.")
@click.option("--display-name", default="", help="As others see them.")
@click.option("--email", help="Address, not checked.")
@with_settings
@asynchronous
async def create(
    name: str, role: str, display_name: str, email: str | None, where: Where
) -> None:
    """Make an account and print the path of a link that sets its password, once."""
    wanted = NewPerson(name=name, role=role, display_name=display_name, email=email)
    async with open_database(where) as (database, clock):
        await Accounts(database, clock).create(wanted, console())
        code = await Links(database, clock).reset(name, console())
    click.echo(f"/reset/{code}")


@command.command("list")
@click.option("--json", "as_json", is_flag=True)
@with_settings
@asynchronous
async def list_users(as_json: bool, where: Where) -> None:  # noqa: FBT001  # click passes it by name
    """List people; their passwords are not known to anybody."""
    async with open_database(where) as (database, clock):
        found = await Accounts(database, clock).list()
    if as_json:
        print_json(found)
        return
    print_table(_COLUMNS, [[getattr(one, key) for key in _COLUMNS] for one in found])


@command.command("set-role")
@click.argument("name")
@click.argument("role")
@with_settings
@asynchronous
async def set_role(name: str, role: str, where: Where) -> None:
    """Give somebody another role; their sessions end."""
    await _change(where, name, PersonChange(role=role))


@command.command("deactivate")
@click.argument("name")
@with_settings
@asynchronous
async def deactivate(name: str, where: Where) -> None:
    """Close an account at once, with its sessions and tokens."""
    await _change(where, name, PersonChange(active=False))


@command.command("activate")
@click.argument("name")
@with_settings
@asynchronous
async def activate(name: str, where: Where) -> None:
    """Open an account again."""
    await _change(where, name, PersonChange(active=True))


@command.command("reset-link")
@click.argument("name")
@with_settings
@asynchronous
async def reset_link(name: str, where: Where) -> None:
    """Print the path of a link that sets a new password, once, within a day."""
    async with open_database(where) as (database, clock):
        code = await Links(database, clock).reset(name, console())
    click.echo(f"/reset/{code}")


@command.command("setup-link")
@with_settings
@asynchronous
async def setup_link(where: Where) -> None:
    """Print the path of a link that makes the first administrator, within an hour."""
    async with open_database(where) as (database, clock):
        code = await Links(database, clock).setup()
    if code is None:
        raise SetupDoneError
    click.echo(f"/setup/{code}")


@command.group("roles")
def roles() -> None:
    """List own roles, set and remove them."""


@roles.command("list")
@click.option("--json", "as_json", is_flag=True)
@with_settings
@asynchronous
async def list_roles(as_json: bool, where: Where) -> None:  # noqa: FBT001  # click passes it by name
    """List own roles and what they hold."""
    async with open_database(where) as (database, clock):
        found = await OwnRoles(database, clock).list()
    if as_json:
        print_json(found)
        return
    rows = [[one.name, " ".join(one.permissions), one.description] for one in found]
    print_table(["name", "permissions", "description"], rows)


@roles.command("set")
@click.argument("name")
@click.argument("permissions", nargs=-1, required=True)
@click.option("--description", default="", help="What it is for.")
@with_settings
@asynchronous
async def set_own_role(
    name: str, permissions: tuple[str, ...], description: str, where: Where
) -> None:
    """Make an own role or change it; '*' stands for one part, at the end for all."""
    async with open_database(where) as (database, clock):
        own = OwnRoles(database, clock)
        await own.put(name, permissions, console(), description=description)


@roles.command("remove")
@click.argument("name")
@with_settings
@asynchronous
async def remove_own_role(name: str, where: Where) -> None:
    """Remove an own role that nobody has."""
    async with open_database(where) as (database, clock):
        await OwnRoles(database, clock).remove(name, console())


async def _change(where: Where, name: str, change: PersonChange) -> None:
    async with open_database(where) as (database, clock):
        await Accounts(database, clock).change(name, change, console())
