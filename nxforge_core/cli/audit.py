"""`nxforge audit`: who changed what, and whether the trail is whole."""

from __future__ import annotations

import re
import sys
from datetime import datetime
from typing import Literal

import click

from nxforge_core.api import InvalidInputError, NxForgeError
from nxforge_core.security.audit import (
    AuditFilter,
    AuditTrail,
    Head,
    Verdict,
    csv_lines,
    json_lines,
)

from ._console import open_database
from ._context import Where, asynchronous, print_json, print_table, with_settings

__all__ = ["BrokenTrailError", "command"]

_COLUMNS = ["id", "at", "actor", "action", "target", "address"]
_HEAD = re.compile(r"(\d{1,18}):([0-9a-f]{64})\Z")


class BrokenTrailError(NxForgeError):
    """The audit trail is not whole."""

    code = "broken_trail"

    def __init__(self, verdict: Verdict) -> None:
        first = min(verdict.broken)
        super().__init__(
            f"{len(verdict.broken)} rows of the audit trail do not fit; the first is "
            f"{first}: {verdict.broken[first]}",
            remedy="compare with an export; what comes after the last good row is "
            "not to be trusted",
        )
        self.verdict = verdict


@click.group("audit")
def command() -> None:
    """Read, export and verify the audit trail."""


@command.command("list")
@click.option("--limit", type=click.IntRange(1, 1000), default=50)
@click.option("--actor", help="Who.")
@click.option("--action", help="What was done, or its first part.")
@click.option("--target", help="What it was done to.")
@click.option("--json", "as_json", is_flag=True)
@with_settings
@asynchronous
async def list_audit(
    where: Where,
    *,
    limit: int,
    actor: str | None,
    action: str | None,
    target: str | None,
    as_json: bool,
) -> None:
    """Show the newest rows."""
    wanted = AuditFilter(actor=actor, action=action, target=target)
    async with open_database(where) as (database, _):
        found = await AuditTrail(database).list(wanted, limit=limit)
    if as_json:
        print_json(found)
        return
    print_table(_COLUMNS, [[getattr(one, key) for key in _COLUMNS] for one in found])


@command.command("export")
@click.option("--format", "kind", type=click.Choice(["jsonl", "csv"]), default="jsonl")
@click.option("--since", type=datetime.fromisoformat, help="From this instant on.")
@with_settings
@asynchronous
async def export(
    kind: Literal["jsonl", "csv"], since: datetime | None, where: Where
) -> None:
    """Write the whole trail to standard output, newest first."""
    lines = {"jsonl": json_lines, "csv": csv_lines}[kind]
    async with open_database(where) as (database, _):
        rows = AuditTrail(database).every(AuditFilter(since=since))
        async for line in lines(rows):
            sys.stdout.write(line.decode())


@command.command("verify")
@click.option("--head", help="ID:HASH that was printed before and kept elsewhere.")
@with_settings
@asynchronous
async def verify(head: str | None, where: Where) -> None:
    """Look through the whole chain and print its head, to be kept elsewhere."""
    kept = None if head is None else _head(head)
    async with open_database(where) as (database, _):
        verdict = await AuditTrail(database).verify(kept)
    if verdict.broken:
        raise BrokenTrailError(verdict)
    newest = f"{verdict.head.id}:{verdict.head.hash}" if verdict.head else "none"
    click.echo(f"{verdict.rows} rows, whole; head {newest}")


def _head(text: str) -> Head:
    match = _HEAD.match(text)
    if match is None:
        remedy = "write it as 'nxforge audit verify' printed it: ID:HASH"
        raise InvalidInputError(field="head", value=text, remedy=remedy)
    return Head(int(match[1]), match[2])
