"""`nxforge dev`: the demo's host, which follows the files of its plugins."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from ._context import asynchronous
from ._demo_host import LOOPBACK, demo_folder, demo_host

__all__ = ["command"]


@click.command("dev")
@click.argument("plugins", nargs=-1, metavar="[ID]...")
@click.option("--host", default=LOOPBACK, help="Address to listen on (127.0.0.1).")
@click.option("--port", type=int, help="Port (8080, or a free one if it is taken).")
@click.option("--data-dir", type=click.Path(path_type=Path), help="Keep the data here.")
def command(
    plugins: tuple[str, ...], host: str, port: int | None, data_dir: Path | None
) -> None:
    """Run host, database and seven meters; plugins follow their files.

    Without an ID every installed plugin runs.
    """
    # A module that is written twice within a second is compiled twice.
    sys.dont_write_bytecode = True
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    with demo_folder(data_dir) as folder:
        run(host, port, folder, plugins or _installed())


def _installed() -> tuple[str, ...]:
    from ._installed import plugin_titles  # noqa: PLC0415  # slow to import

    return tuple(plugin_titles())


@asynchronous
async def run(
    host: str, port: int | None, folder: Path, plugins: tuple[str, ...]
) -> None:
    """Let it run, and follow the files, until it is told to stop."""
    from nxforge_core.services import beside  # noqa: PLC0415

    from ._dev_loop import DevLoop  # noqa: PLC0415

    async with demo_host(host, port, folder, plugins, dev=True) as demo:
        click.echo("Plugins follow their files. Stop with Ctrl+C.")
        async with beside(DevLoop(demo.running).follow()):
            await demo.process.stopped()
