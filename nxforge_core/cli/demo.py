"""`nxforge demo`: the product at work on a simulated rack, as a user would run it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from ._context import asynchronous
from ._demo_host import LOOPBACK, demo_folder, demo_host

if TYPE_CHECKING:
    from ._process import OwnProcess

__all__ = ["command"]

_PLUGINS: Final = ("consumption-monitor", "temperature-monitor")
#: A year at the most; written so that it refuses "nan" as well, which no range does.
_MOST_SECONDS: Final = 31_536_000


def _duration(
    context: click.Context, parameter: click.Parameter, seconds: float | None
) -> float | None:
    if seconds is None or 0 < seconds <= _MOST_SECONDS:
        return seconds
    what = f"{seconds:g} is not a number of seconds between 0 and {_MOST_SECONDS}"
    raise click.BadParameter(what, context, parameter)


@click.command("demo")
@click.option("--host", default=LOOPBACK, help="Address to listen on (127.0.0.1).")
@click.option("--port", type=int, help="Port (8080, or a free one if it is taken).")
@click.option("--data-dir", type=click.Path(path_type=Path), help="Keep the data here.")
@click.option(
    "--for",
    "seconds",
    type=float,
    callback=_duration,
    help="Stop by itself after SECONDS.",
)
@click.option("--enable", multiple=True, metavar="ID", help="One more plugin.")
def command(
    host: str,
    port: int | None,
    data_dir: Path | None,
    seconds: float | None,
    enable: tuple[str, ...],
) -> int:
    """Run host, database and seven meters; with --for, fail without readings."""
    with demo_folder(data_dir) as folder:
        return run(host, port, folder, seconds, (*_PLUGINS, *enable))


@asynchronous
async def run(
    host: str,
    port: int | None,
    folder: Path,
    seconds: float | None,
    plugins: tuple[str, ...],
) -> int:
    """Let it run; answer the exit code."""
    async with demo_host(host, port, folder, plugins) as demo:
        click.echo("Stop with Ctrl+C." if seconds is None else "")
        await _wait(demo.process, seconds)
        stored = await demo.client.summary()
    if seconds is not None and not stored:
        click.echo("error: no reading was stored", err=True)
        return 1
    return 0


async def _wait(process: OwnProcess, seconds: float | None) -> None:
    try:
        async with asyncio.timeout(seconds):
            await process.stopped()
    except TimeoutError:
        return
