"""`nxforge demo`: the product at work on a simulated rack, as a user would run it."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from socket import socket
from typing import TYPE_CHECKING, Final

import click

from nxforge_core.api import BrowserMissingError
from nxforge_core.settings import LoadedSettings, Settings

from ._context import Where, asynchronous

if TYPE_CHECKING:
    from ._process import OwnProcess

__all__ = ["command"]

_PLUGINS: Final = ("consumption-monitor", "temperature-monitor")
_LOOPBACK: Final = "127.0.0.1"
_PORT: Final = 8080
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
@click.option("--host", default=_LOOPBACK, help="Address to listen on (127.0.0.1).")
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
    with _folder(data_dir) as folder:
        return run(host, port, folder, seconds, (*_PLUGINS, *enable))


@asynchronous
async def run(
    host: str,
    port: int | None,
    folder: Path,
    seconds: float | None,
    plugins: Sequence[str],
) -> int:
    """Start the rack, then the host; answer the exit code."""
    from nxforge_core.services import configure_logging  # noqa: PLC0415

    from ._process import OwnProcess  # noqa: PLC0415

    configure_logging("warning", "console", sys.stderr)
    process = OwnProcess()
    process.obey()
    listener = _listener(host, port)
    async with _rack() as rack:
        loaded = _settings(folder, listener, rack, plugins)
        return await _show(loaded, listener, rack, process, seconds)


async def _show(
    loaded: LoadedSettings,
    listener: socket,
    rack: str,
    process: OwnProcess,
    seconds: float | None,
) -> int:
    from nxforge_core.host import NxForge  # noqa: PLC0415

    from ._demo_access import demo_code, demo_token  # noqa: PLC0415
    from ._demo_client import DemoClient  # noqa: PLC0415
    from ._server import serving  # noqa: PLC0415

    address, port = listener.getsockname()[:2]
    base = f"http://{address}:{port}"
    async with NxForge(loaded) as host, serving(host, listener, host.drain):
        running = await host.start()
        code = await demo_code(running)
        # Everything is there already.
        await running.security.set_up.finish()
        async with demo_token(running) as token, DemoClient(base, token) as client:
            await client.register(rack)
            click.echo(f"Live readings, logged in: {base}/login/{code}")
            _tell_browser(loaded.settings)
            click.echo("Stop with Ctrl+C." if seconds is None else "")
            await _wait(process, seconds)
            stored = await client.summary()
    if seconds is not None and not stored:
        click.echo("error: no reading was stored", err=True)
        return 1
    return 0


def _tell_browser(settings: Settings) -> None:
    """Say why one of the meters is not read, where that is so."""
    from nxforge_core.services.browser import (  # noqa: PLC0415
        BrowserOptions,
        find_browser,
    )

    from ._rules import SCRIPTED  # noqa: PLC0415

    given = settings.browser
    options = BrowserOptions(
        folder=settings.data_dir,
        executable=given.executable,
        no_sandbox=given.no_sandbox,
    )
    try:
        find_browser(options)
    except BrowserMissingError as error:
        click.echo(f"{SCRIPTED!r} is not read: {error.what}. Remedy: {error.remedy}")


async def _wait(process: OwnProcess, seconds: float | None) -> None:
    try:
        async with asyncio.timeout(seconds):
            await process.stopped()
    except TimeoutError:
        return


def _settings(
    folder: Path, listener: socket, rack: str, plugins: Sequence[str]
) -> LoadedSettings:
    # Nothing of the machine's own configuration may steer the demo.
    address, port = listener.getsockname()[:2]
    overrides = {
        "data_dir": str(folder),
        "server.host": address,
        "server.port": port,
        "plugins.enable": list(plugins),
        # It visits the demo's own pages only.
        "browser.no_sandbox": os.geteuid() == 0,
        "network.allow": [rack.removeprefix("http://")],
        "log.level": "warning",
        "log.access": False,
    }
    return Where().load(overrides, environ={})


def _listener(host: str, port: int | None) -> socket:
    from ._server import ListenError, listen  # noqa: PLC0415

    try:
        return listen(host, _PORT if port is None else port)
    except ListenError:
        if port is not None:
            raise
        return listen(host, 0)


@asynccontextmanager
async def _rack() -> AsyncIterator[str]:
    """The simulated meters on a free loopback port: their URL."""
    from nxforge_core.services import SystemClock  # noqa: PLC0415

    from ._rack import rack_application  # noqa: PLC0415
    from ._server import listen, serving  # noqa: PLC0415

    clock = SystemClock()
    began = clock.monotonic()
    listener = listen(_LOOPBACK, 0)
    application = rack_application(lambda: clock.monotonic() - began)
    async with serving(application, listener):
        yield f"http://{_LOOPBACK}:{listener.getsockname()[1]}"


@contextmanager
def _folder(data_dir: Path | None) -> Iterator[Path]:
    if data_dir is not None:
        yield data_dir.absolute()
        return
    with tempfile.TemporaryDirectory(prefix="nxforge-demo-") as folder:
        yield Path(folder)
