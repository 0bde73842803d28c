"""`nxforge worker`: runs jobs that hosts on the same database start."""

from __future__ import annotations

import sys

import click

from nxforge_core.settings import Settings

from ._context import Where, asynchronous, with_settings

__all__ = ["command"]


@click.command("worker")
@with_settings
@click.option("--concurrency", type=int, help="Runs at the same time (20).")
def command(
    where: Where,
    concurrency: int | None,
) -> None:
    """Run jobs until told to stop; it listens on no port and has no schedule."""
    overrides = {
        "jobs.concurrency": concurrency,
        "jobs.worker": True,
        "jobs.scheduler": False,
    }
    work(where.load(overrides).settings)


@asynchronous
async def work(settings: Settings) -> None:
    """Start the host without a server, stop it by SIGINT or SIGTERM."""
    from nxforge_core.host import NxForge  # noqa: PLC0415
    from nxforge_core.services import configure_logging  # noqa: PLC0415

    from ._server import stop_signal  # noqa: PLC0415

    configure_logging(settings.log.level, settings.log.format, sys.stderr)
    stop = stop_signal()
    async with NxForge(settings):
        click.echo("NxForge worker runs", err=True)
        await stop.wait()
