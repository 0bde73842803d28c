"""`nxforge network`: where outgoing requests may go."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import click

from nxforge_core.security import Networks

from ._console import console, open_database
from ._context import (
    Where,
    asynchronous,
    print_json,
    print_table,
    with_settings,
)

__all__ = ["command"]


@click.group("network")
def command() -> None:
    """See and change where outgoing requests may go."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True)
@with_settings
@asynchronous
async def list_networks(as_json: bool, where: Where) -> None:  # noqa: FBT001  # click passes it by name
    """List what is allowed: of the setting network.allow, and what was added."""
    async with _networks(where) as networks:
        stored = await networks.list()
    if as_json:
        print_json({"settings": networks.fixed, "stored": stored})
        return
    rows: list[list[object]] = [
        [None, entry, "setting network.allow", None, None] for entry in networks.fixed
    ]
    rows += [
        [one.id, one.entry, one.note, one.created_by, one.created_at] for one in stored
    ]
    print_table(["id", "entry", "note", "by", "since"], rows)


@command.command("allow")
@click.argument("entry")
@click.option("--note", default="", help="What is there.")
@with_settings
@asynchronous
async def allow(entry: str, note: str, where: Where) -> None:
    """Allow an address or a network, in every process at once: 10.20.0.0/16:80."""
    async with _networks(where) as networks:
        made = await networks.add(entry, console(), note)
    click.echo(f"allowed {made.entry}")


@command.command("remove")
@click.argument("entry")
@with_settings
@asynchronous
async def remove(entry: str, where: Where) -> None:
    """Do not allow an entry any more, by its text or its id."""
    async with _networks(where) as networks:
        gone = await networks.remove(await networks.find(entry), console())
    click.echo(f"removed {gone}")


@asynccontextmanager
async def _networks(where: Where) -> AsyncIterator[Networks]:
    allow = where.load().settings.network.allow
    async with open_database(where) as (database, clock):
        yield Networks(database, clock, allow)
