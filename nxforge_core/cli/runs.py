"""`nxforge runs`: what ran, how it went, what it logged."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import click

from nxforge_core.api import RunId
from nxforge_core.jobs import Runs

from ._context import (
    Where,
    asynchronous,
    print_json,
    print_table,
    with_settings,
)

__all__ = ["command"]


@click.group("runs")
def command() -> None:
    """List runs, show one with its log."""


@command.command("list")
@click.option("--plugin", help="Of this plugin only.")
@click.option("--job", help="Of this job only.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20)
@click.option("--json", "as_json", is_flag=True)
@with_settings
@asynchronous
async def list_runs(
    plugin: str | None,
    job: str | None,
    limit: int,
    as_json: bool,  # noqa: FBT001  # click passes it by name
    where: Where,
) -> None:
    """List the newest runs."""
    async with _runs(where) as runs:
        found = await runs.list_runs(plugin=plugin, job=job, limit=limit)
    if as_json:
        print_json(found)
        return
    columns = ["id", "plugin", "job", "slot", "state", "attempt", "seconds", "note"]
    print_table(columns, [[getattr(run, key) for key in columns] for run in found])


@command.command("show")
@click.argument("run", type=int)
@with_settings
@asynchronous
async def show(run: int, where: Where) -> None:
    """Show one run as JSON."""
    async with _runs(where) as runs:
        print_json(await runs.get_run(RunId(run)))


@command.command("logs")
@click.argument("run", type=int)
@with_settings
@asynchronous
async def logs(run: int, where: Where) -> None:
    """Print what a run logged, a JSON document a line."""
    async with _runs(where) as runs:
        await runs.get_run(RunId(run))
        after = 0
        while lines := await runs.run_logs(RunId(run), after=after):
            for line in lines:
                print_json(line)
            after = lines[-1].line


@asynccontextmanager
async def _runs(where: Where) -> AsyncIterator[Runs]:
    from nxforge_core.host import open_core  # noqa: PLC0415  # slow to import

    async with open_core(where.load().settings) as core:
        yield Runs(core.database)
