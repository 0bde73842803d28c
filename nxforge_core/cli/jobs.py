"""`nxforge jobs`: what there is to run, changing when and how, and running one now."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import click
import msgspec

from nxforge_core.api import InvalidInputError, RunId, visible
from nxforge_core.jobs import JobPatch, RetryPatch, Runs

from ._console import console
from ._context import (
    Where,
    asynchronous,
    print_json,
    print_table,
    with_settings,
)
from ._job_text import job_text, slots_text
from ._job_trigger import given_trigger, with_trigger

__all__ = ["command"]

#: Seconds between looks at a run that is waited for.
_LOOK: Final = 0.3


@click.group("jobs")
def command() -> None:
    """List the jobs of enabled plugins, change them, run one now."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True)
@with_settings
@asynchronous
async def list_jobs(as_json: bool, where: Where) -> None:  # noqa: FBT001  # click passes it by name
    """List jobs with their next slot and their last run."""
    from nxforge_core.host import open_job_desk  # noqa: PLC0415  # slow to import

    async with open_job_desk(where.load().settings) as desk:
        found = await desk.plans.list_jobs()
    if as_json:
        print_json(found)
        return
    columns = ["plugin", "name", "trigger", "next_slot", "last_run", "last_state"]
    rows = [[getattr(job, key) for key in columns] for job in found]
    states = ["enabled" if job.enabled else "disabled" for job in found]
    marks = [", ".join(job.overridden) or None for job in found]
    print_table(
        [*columns, "state", "changed"],
        [[*row, *more] for row, *more in zip(rows, states, marks, strict=True)],
    )


@command.command("show")
@click.argument("plugin")
@click.argument("job")
@click.option("--json", "as_json", is_flag=True)
@with_settings
@asynchronous
async def show(plugin: str, job: str, as_json: bool, where: Where) -> None:  # noqa: FBT001  # click passes it by name
    """Show one job: what is in force, what was changed, when it runs next."""
    from nxforge_core.host import open_job_desk  # noqa: PLC0415  # slow to import

    async with open_job_desk(where.load().settings) as desk:
        found = await desk.plans.show(plugin, job)
    if as_json:
        print_json(found)
    else:
        click.echo(job_text(found))


@command.command("run")
@click.argument("plugin")
@click.argument("job")
@click.option("--params", default="{}", help="A JSON object of the job's parameters.")
@click.option("--wait", is_flag=True, help="Wait for its end; 1 unless it succeeded.")
@with_settings
@asynchronous
async def run(plugin: str, job: str, params: str, wait: bool, where: Where) -> None:  # noqa: FBT001  # click passes it by name
    """Queue a run and print its id; a running host or worker executes it."""
    from nxforge_core.host import open_job_desk  # noqa: PLC0415  # slow to import

    given = _object("--params", params)
    async with open_job_desk(where.load().settings) as desk:
        queued = await desk.run_now(plugin, job, given, by=console())
        click.echo(queued)
        if wait and not await _succeeds(desk.runs, queued):
            raise click.exceptions.Exit(1)


@command.command("enable")
@click.argument("plugin")
@click.argument("job")
@with_settings
def enable(plugin: str, job: str, where: Where) -> None:
    """Let a job run again; it owes nothing for the time between."""
    _change(plugin, job, JobPatch(enabled=True), where)


@command.command("disable")
@click.argument("plugin")
@click.argument("job")
@with_settings
def disable(plugin: str, job: str, where: Where) -> None:
    """Let no process run a job from now on."""
    _change(plugin, job, JobPatch(enabled=False), where)


@command.command("schedule")
@click.argument("plugin")
@click.argument("job")
@with_trigger
@click.option("--yes", is_flag=True, help="Save without a question.")
@with_settings
@asynchronous
async def schedule(
    plugin: str,
    job: str,
    yes: bool,  # noqa: FBT001  # click passes it by name
    where: Where,
    **trigger: Any,
) -> None:
    """Change when a job runs, after showing its next five slots."""
    from nxforge_core.host import open_job_desk  # noqa: PLC0415  # slow to import

    wanted = given_trigger(**trigger)
    async with open_job_desk(where.load().settings) as desk:
        slots = desk.plans.preview(plugin, job, wanted)
        click.echo("\n".join(slots_text(slots, wanted)) or "It runs on demand.")
        if not yes:
            await asyncio.to_thread(click.confirm, "Save?", abort=True)
        changed = await desk.change(plugin, job, JobPatch(trigger=wanted), console())
    click.echo(job_text(changed))


@command.command("set")
@click.argument("plugin")
@click.argument("job")
@click.option("--params", help="A JSON object of all parameters that differ.")
@click.option("--timeout", type=float, metavar="SECONDS")
@click.option("--retry-attempts", type=int, help="Attempts after the first.")
@click.option("--retry-backoff", type=float, metavar="SECONDS")
@click.option("--retry-backoff-max", type=float, metavar="SECONDS")
@with_settings
def set_values(
    plugin: str,
    job: str,
    params: str | None,
    timeout: float | None,
    where: Where,
    **retry: Any,
) -> None:
    """Change parameters, time-out or retries; those not named stay as they are."""
    patch = JobPatch()
    if params is not None:
        patch.params = _object("--params", params)
    if timeout is not None:
        patch.timeout = timeout
    attempts = {
        name.removeprefix("retry_"): value
        for name, value in retry.items()
        if value is not None
    }
    if attempts:
        patch.retry = RetryPatch(**attempts)
    if patch == JobPatch():
        message = "name what to change: --params, --timeout, --retry-attempts, ..."
        raise click.UsageError(message)
    _change(plugin, job, patch, where)


@command.command("reset")
@click.argument("plugin")
@click.argument("job")
@with_settings
@asynchronous
async def reset(plugin: str, job: str, where: Where) -> None:
    """Return a job to what its plugin says."""
    from nxforge_core.host import open_job_desk  # noqa: PLC0415  # slow to import

    async with open_job_desk(where.load().settings) as desk:
        click.echo(job_text(await desk.change(plugin, job, None, console())))


@asynchronous
async def _change(plugin: str, job: str, patch: JobPatch, where: Where) -> None:
    from nxforge_core.host import open_job_desk  # noqa: PLC0415  # slow to import

    async with open_job_desk(where.load().settings) as desk:
        click.echo(job_text(await desk.change(plugin, job, patch, console())))


async def _succeeds(runs: Runs, run: RunId) -> bool:
    while (found := await runs.get_run(run)).finished_at is None:  # noqa: ASYNC110  # another process ends it
        await asyncio.sleep(_LOOK)
    note = "" if found.note is None else f": {visible(found.note)}"
    click.echo(f"{found.state}{note}")
    return found.state == "succeeded"


def _object(option: str, text: str) -> dict[str, Any]:
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeError) as error:
        remedy = f"give a JSON object, such as '{{}}' ({error})"
        raise InvalidInputError(field=option, value=text, remedy=remedy) from error
