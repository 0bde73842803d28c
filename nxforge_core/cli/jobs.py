"""`nxforge jobs`: what there is to run, and running one now."""

from __future__ import annotations

from typing import Any

import click
import msgspec

from nxforge_core.api import InvalidInputError

from ._context import (
    Where,
    asynchronous,
    print_json,
    print_table,
    with_settings,
)

__all__ = ["command"]


@click.group("jobs")
def command() -> None:
    """List the jobs of enabled plugins, run one now."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True)
@with_settings
@asynchronous
async def list_jobs(as_json: bool, where: Where) -> None:  # noqa: FBT001  # click passes it by name
    """List jobs with their next slot and their last run."""
    from nxforge_core.host import open_job_desk  # noqa: PLC0415  # slow to import

    async with open_job_desk(where.load().settings) as desk:
        found = await desk.list_jobs()
    if as_json:
        print_json(found)
        return
    columns = ["plugin", "name", "trigger", "next_slot", "last_run", "last_state"]
    print_table(columns, [[getattr(job, key) for key in columns] for job in found])


@command.command("run")
@click.argument("plugin")
@click.argument("job")
@click.option("--params", default="{}", help="A JSON object of the job's parameters.")
@with_settings
@asynchronous
async def run(plugin: str, job: str, params: str, where: Where) -> None:
    """Queue a run and print its id; a running host or worker executes it."""
    from nxforge_core.host import open_job_desk  # noqa: PLC0415  # slow to import

    given = _params(params)
    async with open_job_desk(where.load().settings) as desk:
        click.echo(await desk.run_now(plugin, job, given, by="command line"))


def _params(text: str) -> dict[str, Any]:
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeError) as error:
        remedy = f"give a JSON object, such as '{{}}' ({error})"
        raise InvalidInputError(field="--params", value=text, remedy=remedy) from error
