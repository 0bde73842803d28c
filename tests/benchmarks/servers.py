"""The servers that are compared, each in a process of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

__all__ = ["bare", "install_plugin", "nxforge"]

_PORT: Final = re.compile(r"listens on http://127\.0\.0\.1:(\d+)")

_HANDLER: Final = """
from __future__ import annotations
import msgspec

class Value(msgspec.Struct):
    number: int
    text: str

async def value(number: int = 1) -> Value:
    return Value(number, "rack")
"""

_BARE: Final = """
import asyncio, socket, uvicorn, uvloop
from litestar import Litestar, get

app = Litestar([get("/api/v1/m/bench/value")(value)], openapi_config=None)
listener = socket.create_server(("127.0.0.1", 0))
print(f"listens on http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
config = uvicorn.Config(app, access_log=False, log_config=None, lifespan="off")
with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
    runner.run(uvicorn.Server(config).serve(sockets=[listener]))
"""

_HOOKS: Final = """
from nxforge_core.api import RouteSpec, hookimpl

@hookimpl
def nxforge_routes():
    return [
        RouteSpec("GET", "/value", value, public=True),
        RouteSpec("GET", "/guarded", value, permission="bench:value:read"),
    ]
"""

_MANIFEST: Final = {
    "id": "bench",
    "display_name": "Bench",
    "description": "Measures the host.",
    "core": ">=0.1",
    "permissions": [
        {
            "name": "bench:value:read",
            "description": "Read the value",
            "roles": ["viewer"],
        }
    ],
}


def install_plugin(
    folder: Path, source: str = _HANDLER + _HOOKS, **manifest: object
) -> None:
    """A plugin named bench; by default one with the handler, public and guarded."""
    package = folder / "nxforge_bench"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(source)
    (package / "manifest.json").write_text(json.dumps({**_MANIFEST, **manifest}))
    metadata = folder / "nxforge_bench-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: nxforge-bench\nVersion: 1.0\n"
    )
    (metadata / "entry_points.txt").write_text(
        "[nxforge.plugins]\nbench = nxforge_bench\n"
    )


@contextmanager
def bare() -> Iterator[int]:
    """The handler on bare Litestar and uvicorn: its port."""
    with _process([sys.executable, "-c", _HANDLER + _BARE], dict(os.environ)) as port:
        yield port


@contextmanager
def nxforge(data: Path, site: Path, *, access: bool) -> Iterator[int]:
    """`nxforge serve` with the plugin: its port."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(site),
        "NXFORGE_DATA_DIR": str(data),
        "NXFORGE_PLUGINS_ENABLE": "bench",
        "NXFORGE_LOG_ACCESS": str(access).lower(),
        # Measured is what a request costs, limits and all; none is to be refused.
        "NXFORGE_SERVER_STRANGER_RATE": "1000000",
        "NXFORGE_SERVER_CALLER_RATE": "1000000",
    }
    program = str(Path(sys.executable).parent / "nxforge")
    with _process([program, "serve", "--port", "0"], environment) as port:
        yield port


@contextmanager
def _process(command: list[str], environment: dict[str, str]) -> Iterator[int]:
    process = subprocess.Popen(  # a command of this file
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield _port(process)
    finally:
        process.terminate()
        process.communicate(timeout=20)


def _port(process: subprocess.Popen[str]) -> int:
    assert process.stdout is not None  # it is a pipe
    for line in process.stdout:
        if found := _PORT.search(line):
            _drain(process)
            return int(found.group(1))
    raise RuntimeError(process.args)


def _drain(process: subprocess.Popen[str]) -> None:
    """Let the access log flow away, as it would to a file."""
    subprocess.Popen(  # a command of this file
        ["/bin/cat"], stdin=process.stdout, stdout=subprocess.DEVNULL
    )
