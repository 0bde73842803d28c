"""`nxforge worker`: runs jobs that hosts on the same database start."""

from __future__ import annotations

import sys

import click

from nxforge_core.api import UnknownItemError
from nxforge_core.settings import LoadedSettings

from ._context import Where, asynchronous, with_settings
from ._installed import plugin_titles

__all__ = ["command"]


@click.command("worker")
@with_settings
@click.option("--queues", help="Plugins to work for, comma separated (all).")
@click.option(
    "--concurrency", type=int, help="Runs of one plugin at the same time (20)."
)
def command(
    where: Where,
    queues: str | None,
    concurrency: int | None,
) -> None:
    """Run jobs until told to stop; it listens on no port and has no schedule."""
    overrides = {
        "jobs.queues": None if queues is None else _plugins(queues),
        "jobs.concurrency": concurrency,
        "jobs.worker": True,
        "jobs.scheduler": False,
    }
    work(where.load(overrides))


def _plugins(queues: str) -> tuple[str, ...]:
    named = tuple(part.strip() for part in queues.split(",") if part.strip())
    installed = plugin_titles()
    for plugin in named:
        if plugin not in installed:
            known = ", ".join(sorted(installed)) or "none"
            raise UnknownItemError(
                kind="plugin", value=plugin, remedy=f"installed are {known}"
            )
    return named


@asynchronous
async def work(loaded: LoadedSettings) -> None:
    """Start the host without a server, stop it by SIGINT or SIGTERM."""
    from nxforge_core.host import NxForge  # noqa: PLC0415
    from nxforge_core.services import configure_logging  # noqa: PLC0415

    from ._process import OwnProcess  # noqa: PLC0415
    from ._server import spare_start_up, unless  # noqa: PLC0415

    log = loaded.settings.log
    configure_logging(log.level, log.format, sys.stderr)
    process = OwnProcess()
    host = NxForge(loaded, process=process)
    process.obey(host.drain)
    with unless(process):
        async with host:
            click.echo("NxForge worker runs", err=True)
            spare_start_up()
            await process.over(host.rest)
    if not process.stops:
        process.restart()
