"""`nxforge tokens`: who may call the API."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import click

from nxforge_core.security import ROLES, LoginLinks, TokenStore

from ._context import (
    Where,
    asynchronous,
    print_json,
    print_table,
    with_settings,
)

__all__ = ["command"]

_ROLE = click.option("--role", required=True, help=f"One of {', '.join(ROLES)}.")


@click.group("tokens")
def command() -> None:
    """Create, list and revoke API tokens."""


@command.command("create")
@click.argument("name")
@_ROLE
@with_settings
@asynchronous
async def create(name: str, role: str, where: Where) -> None:
    """Make a token and print it, alone, on standard output. It is shown only now."""
    async with _tokens(where) as (tokens, _):
        made = await tokens.create(name, role)
    click.echo(made.text)


@command.command("link")
@click.argument("name")
@_ROLE
@with_settings
@asynchronous
async def link(name: str, role: str, where: Where) -> None:
    """Print the path of a link that logs a person in, once, within ten minutes."""
    async with _tokens(where) as (_, links):
        code = await links.create(role, name)
    click.echo(f"/login/{code}")


@command.command("list")
@click.option("--json", "as_json", is_flag=True)
@with_settings
@asynchronous
async def list_tokens(as_json: bool, where: Where) -> None:  # noqa: FBT001  # click passes it by name
    """List active tokens; their texts are not known to anybody."""
    async with _tokens(where) as (tokens, _):
        found = await tokens.list()
    if as_json:
        print_json(found)
        return
    columns = ["id", "kind", "name", "role", "hint", "created_at", "last_used_at"]
    print_table(columns, [[getattr(one, key) for key in columns] for one in found])


@command.command("revoke")
@click.argument("name")
@with_settings
@asynchronous
async def revoke(name: str, where: Where) -> None:
    """Revoke a token by name or id, in every process within two seconds."""
    async with _tokens(where) as (tokens, _):
        count = await tokens.revoke(name)
    click.echo(f"revoked {count}")


@asynccontextmanager
async def _tokens(where: Where) -> AsyncIterator[tuple[TokenStore, LoginLinks]]:
    from nxforge_core.host import open_core  # noqa: PLC0415
    from nxforge_core.services import SystemClock  # noqa: PLC0415

    loaded = where.load()
    async with open_core(loaded.settings) as core:
        clock = SystemClock()
        yield TokenStore(core.database, clock), LoginLinks(core.database, clock)
