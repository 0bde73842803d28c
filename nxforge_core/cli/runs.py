"""`nxforge runs`: what ran, how it went, what it logged; ending and repeating."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Literal, get_args

import click

from nxforge_core.api import RunId
from nxforge_core.jobs import (
    LEVELS,
    FollowEnded,
    LineLogged,
    RunFilter,
    Runs,
    RunState,
    RunTrigger,
    follow,
)

from ._console import console
from ._context import (
    Where,
    asynchronous,
    print_json,
    print_table,
    with_settings,
)
from ._run_text import line_text, run_text

__all__ = ["command"]

_LOOK = 0.5
_COLUMNS = ["id", "plugin", "job", "slot", "trigger", "state", "attempt", "seconds"]


def _instant(text: str) -> datetime:
    """An instant of the command line; click names the option when there is none."""
    return datetime.fromisoformat(text)


@click.group("runs")
def command() -> None:
    """List runs, show one with its log, end one, repeat one."""


@command.command("list")
@click.option("--plugin", help="Of this plugin only.")
@click.option("--job", help="Of this job only.")
@click.option("--state", "states", multiple=True, type=click.Choice(get_args(RunState)))
@click.option("--trigger", type=click.Choice(get_args(RunTrigger)))
@click.option("--parent", type=int, help="Shards of this run.")
@click.option(
    "--since", type=_instant, help="Slots from then on: 2026-11-23T06:00:00Z."
)
@click.option("--until", type=_instant, metavar="INSTANT", help="Slots before then.")
@click.option("--before", type=int, help="Runs older than this one: the next page.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20)
@click.option("--json", "as_json", is_flag=True)
@with_settings
@asynchronous
async def list_runs(  # click passes each option by name
    *,
    before: int | None,
    limit: int,
    as_json: bool,
    where: Where,
    parent: int | None,
    **filters: object,
) -> None:
    """List the newest runs; shards only with their --parent."""
    of = None if parent is None else RunId(parent)
    wanted = RunFilter(parent=of, **filters)  # type: ignore[arg-type]  # named and typed as the options above
    page = None if before is None else RunId(before)
    async with _runs(where) as runs:
        found = await runs.list_runs(wanted, limit=limit, before=page)
    if as_json:
        print_json(found)
        return
    columns = [*_COLUMNS, "note"]
    print_table(columns, [[getattr(run, key) for key in columns] for run in found])


@command.command("show")
@click.argument("run", type=int)
@click.option("--json", "as_json", is_flag=True)
@with_settings
@asynchronous
async def show(run: int, *, as_json: bool, where: Where) -> None:
    """Show one run: why it is as it is, its attempts, result and error."""
    async with _runs(where) as runs:
        detail = await runs.get_run(RunId(run))
    if as_json:
        print_json(detail)
    else:
        click.echo(run_text(detail))


@command.command("logs")
@click.argument("run", type=int)
@click.option("--follow", "on", is_flag=True, help="Go on until the run ends.")
@click.option("--level", type=click.Choice(LEVELS), help="Of this level or worse.")
@click.option("--search", help="Lines with this text, in capitals or not.")
@click.option("--after", type=click.IntRange(0), default=0, help="A line's number.")
@click.option("--json", "as_json", is_flag=True, help="A JSON document a line.")
@with_settings
@asynchronous
async def logs(  # noqa: PLR0913  # click passes each option by name
    run: int,
    *,
    on: bool,
    level: str | None,
    search: str | None,
    after: int,
    as_json: bool,
    where: Where,
) -> None:
    """Print what a run logged."""

    async def pause() -> bool:
        if on:
            await asyncio.sleep(_LOOK)
        return on

    async with _runs(where) as runs:
        await runs.pulse(RunId(run))
        looks = follow(runs, RunId(run), pause, after=after, level=level, search=search)
        async for events in looks:
            for event in events:
                if isinstance(event, LineLogged) and as_json:
                    print_json(event.line)
                elif isinstance(event, LineLogged):
                    click.echo(line_text(event.line))
                elif isinstance(event, FollowEnded) and on:
                    click.echo(f"run {run}: {event.state or event.reason}", err=True)


@command.command("cancel")
@click.argument("run", type=int)
@with_settings
@asynchronous
async def cancel(run: int, where: Where) -> None:
    """End a run: a queued one at once, a running one as soon as its handler lets."""
    from nxforge_core.host import open_job_desk  # noqa: PLC0415  # slow to import

    async with open_job_desk(where.load().settings) as desk:
        ended = await desk.cancel(RunId(run), by=console())
    click.echo("cancelled" if ended else "its worker is told to end it")


@command.command("rerun")
@click.argument("run", type=int)
@click.option("--failed", is_flag=True, help="Only the shards or items that failed.")
@with_settings
@asynchronous
async def rerun(run: int, *, failed: bool, where: Where) -> None:
    """Queue a run that repeats another one and print its id."""
    from nxforge_core.host import open_job_desk  # noqa: PLC0415  # slow to import

    only: Literal["all", "failed"] = "failed" if failed else "all"
    async with open_job_desk(where.load().settings) as desk:
        click.echo(await desk.rerun(RunId(run), only, by=console()))


@asynccontextmanager
async def _runs(where: Where) -> AsyncIterator[Runs]:
    from nxforge_core.host import open_core  # noqa: PLC0415  # slow to import

    async with open_core(where.load().settings) as core:
        yield Runs(core.database)
