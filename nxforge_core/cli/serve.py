"""`nxforge serve`: web, schedule and worker in one process."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from nxforge_core.settings import LoadedSettings

from ._context import Where, asynchronous, with_settings

if TYPE_CHECKING:
    from nxforge_core.host import NxForge

    from ._server import Serving

__all__ = ["command"]


@click.command("serve")
@with_settings
@click.option("--host", help="Address to listen on (127.0.0.1).")
@click.option("--port", type=int, help="Port to listen on (8080; 0 takes a free one).")
@click.option("--no-worker", is_flag=True, help="Run no jobs in this process.")
@click.option("--no-scheduler", is_flag=True, help="Start no jobs by the clock.")
@click.option("--safe", is_flag=True, help="Start no plugin.")
@click.option("--strict", is_flag=True, help="End where an enabled plugin fails.")
def command(where: Where, **given: str | int | bool | None) -> None:
    """Run the host until it is told to stop."""
    overrides = {
        "server.host": given["host"],
        "server.port": given["port"],
        "jobs.worker": False if given["no_worker"] else None,
        "jobs.scheduler": False if given["no_scheduler"] else None,
        "plugins.safe": given["safe"] or None,
        "plugins.strict": given["strict"] or None,
    }
    serve(where.load(overrides))


@asynchronous
async def serve(loaded: LoadedSettings) -> None:
    """Listen, start the host, serve until SIGINT or SIGTERM."""
    from nxforge_core.host import NxForge  # noqa: PLC0415
    from nxforge_core.services import configure_logging  # noqa: PLC0415

    from ._process import OwnProcess  # noqa: PLC0415
    from ._server import (  # noqa: PLC0415
        listen,
        place_of,
        serving,
        spare_start_up,
        unless,
    )

    settings = loaded.settings
    configure_logging(settings.log.level, settings.log.format, sys.stderr)
    wanted = settings.server.host, settings.server.port
    listener = listen(*wanted)
    process = OwnProcess(listener, place_of(*wanted))
    host = NxForge(loaded, process=process)
    process.obey(host.drain)
    with unless(process):
        # The original stays open for who starts this process anew.
        served = serving(host, listener.dup(), host.drain)
        async with host, served as server:
            address, port = listener.getsockname()[:2]
            click.echo(f"NxForge listens on http://{address}:{port}", err=True)
            await _tell_setup(host, f"http://{address}:{port}")
            spare_start_up()
            await process.over(lambda: _leave(host, server))
    if not process.stops:
        process.restart()


async def _leave(host: NxForge, server: Serving) -> None:
    """Others wait for the jobs of this process less than its clients would."""
    await host.rest()
    await server.part()


async def _tell_setup(host: NxForge, base: str) -> None:
    """While nobody administers the host, whoever sees its console may begin."""
    running = await host.start()
    code = await running.security.links.setup()
    if code is not None:
        click.echo(
            f"Make the first administrator, within an hour: {base}/setup/{code}",
            err=True,
        )
