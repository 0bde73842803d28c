"""The host of `nxforge demo` and `nxforge dev`, with a simulated rack."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import socket
from typing import TYPE_CHECKING, Final, Literal

import click

from nxforge_core.api import BrowserMissingError
from nxforge_core.settings import LoadedSettings, Settings

from ._context import Where

if TYPE_CHECKING:
    from nxforge_core.host import Running

    from ._demo_client import DemoClient
    from ._process import OwnProcess

__all__ = ["LOOPBACK", "DemoHost", "demo_folder", "demo_host"]

LOOPBACK: Final = "127.0.0.1"
_MONITOR: Final = "consumption-monitor"
_PORT: Final = 8080


@dataclass(frozen=True)
class DemoHost:
    """A host at work.

    Attributes:
        client: Speaks to it as an administrator.
        process: Hears SIGINT and SIGTERM.
    """

    running: Running
    client: DemoClient
    process: OwnProcess


@asynccontextmanager
async def demo_host(
    host: str,
    port: int | None,
    folder: Path,
    plugins: Sequence[str],
    *,
    dev: bool = False,
) -> AsyncIterator[DemoHost]:
    """Start the rack, then the host, register the meters, print a link that logs in.

    Args:
        host: Where it listens.
        port: Likewise.
        folder: For its data.
        plugins: Ids of those that are enabled.
        dev: Plugins may be unfinished, and tell more.
    """
    from nxforge_core.services import configure_logging  # noqa: PLC0415

    from ._process import OwnProcess  # noqa: PLC0415

    level: Literal["info", "warning"] = "info" if dev else "warning"
    configure_logging(level, "console", sys.stderr)
    # The demo's own requests are nobody's concern.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    process = OwnProcess()
    process.obey()
    listener = _listener(host, port)
    async with _rack() as rack:
        loaded = _settings(folder, listener, rack, plugins, level)
        async with _serving(loaded, listener, rack, process, dev=dev) as found:
            yield found


@asynccontextmanager
async def _serving(
    loaded: LoadedSettings,
    listener: socket,
    rack: str,
    process: OwnProcess,
    *,
    dev: bool,
) -> AsyncIterator[DemoHost]:
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
            metered = not dev or _MONITOR in running.started
            if metered:
                await client.register(rack)
            click.echo(f"Live readings, logged in: {base}/login/{code}")
            if metered:
                _tell_browser(loaded.settings)
            yield DemoHost(running, client, process)


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


def _settings(
    folder: Path,
    listener: socket,
    rack: str,
    plugins: Sequence[str],
    log_level: str,
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
        "log.level": log_level,
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
    listener = listen(LOOPBACK, 0)
    application = rack_application(lambda: clock.monotonic() - began)
    async with serving(application, listener):
        yield f"http://{LOOPBACK}:{listener.getsockname()[1]}"


@contextmanager
def demo_folder(data_dir: Path | None) -> Iterator[Path]:
    """Where the data are kept; without a folder that is given they go at the end."""
    if data_dir is not None:
        yield data_dir.absolute()
        return
    with tempfile.TemporaryDirectory(prefix="nxforge-demo-") as folder:
        yield Path(folder)
