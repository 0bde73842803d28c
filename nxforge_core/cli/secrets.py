"""`nxforge secrets`: which keys are in use, a new one, and old ones that may go."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import click

from nxforge_core.security.audit import AuditTrail
from nxforge_core.security.sealed import Rotation, Tally

from ._console import console
from ._context import Where, asynchronous, print_json, print_table, with_settings

__all__ = ["command"]

_COLUMNS = ["plugin", "place", "key_id", "count", "opens"]


@click.group("secrets")
def command() -> None:
    """Show which keys stored secrets need, make a new key, remove old ones."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True)
@with_settings
@asynchronous
async def list_secrets(as_json: bool, where: Where) -> None:  # noqa: FBT001  # click passes it by name
    """Count stored secrets by place and key; no secret is shown."""
    async with _opened(where) as (rotation, _):
        found = await rotation.count()
    if as_json:
        print_json(found)
        return
    print_table(_COLUMNS, [[getattr(one, key) for key in _COLUMNS] for one in found])
    _tell_unreadable([each for each in found if not each.opens])


@command.command("rotate")
@click.option("--keep-key", is_flag=True, help="Make none: use the first there is.")
@with_settings
@asynchronous
async def rotate(keep_key: bool, where: Where) -> None:  # noqa: FBT001  # click passes it by name
    """Make a new key and seal every stored secret with it, beside running hosts."""
    async with _opened(where) as (rotation, trail):
        done = await rotation.rotate(keep_key=keep_key)
        after = {"sealed": done.sealed, "new_key": done.made}
        await trail.add(console(), "secrets.rotate", done.key_id, (None, after))
    what = "new key" if done.made else "no new key; finished with key"
    click.echo(f"{what} {done.key_id}: {done.sealed} secrets sealed anew")
    _tell_unreadable(done.unreadable)
    if done.made:
        click.echo("keep a copy of the key file; backups need the keys of their time")


@command.command("prune")
@with_settings
@asynchronous
async def prune(where: Where) -> None:
    """Remove the keys that no stored secret needs from the key file."""
    async with _opened(where) as (rotation, trail):
        done = await rotation.prune()
        for key in done.removed:
            await trail.add(console(), "secrets.prune", key)
    removed = ", ".join(done.removed) or "none"
    click.echo(f"removed: {removed}; kept: {', '.join(done.kept)}")


@asynccontextmanager
async def _opened(where: Where) -> AsyncIterator[tuple[Rotation, AuditTrail]]:
    from nxforge_core.host import open_core  # noqa: PLC0415  # slow to import

    async with open_core(where.load().settings) as core:
        yield Rotation(core.address, core.keys), AuditTrail(core.database)


def _tell_unreadable(found: Sequence[Tally]) -> None:
    for each in found:
        click.echo(
            f"warning: {each.count} secrets in {each.place} cannot be opened with the "
            f"keys there are (key {each.key_id}); add that key, or enter them again",
            err=True,
        )
