"""A process of its own that imports one plugin and asks its hooks.

Its input is an `Exhibit` as JSON. It writes the exhibit's token as its last words when
the plugin's code came to an end, well or not; whatever else happens to it happened to
nobody else. Run as `python -m nxforge_core.plugins._tried`.
"""

from __future__ import annotations

import faulthandler
import os
import resource
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from nxforge_core.api import PluginId

from ._attempt import attempt
from ._candidate import Candidate
from ._collect import Collector
from ._hooks import HookCaller
from ._manifest import read_manifest
from ._problem import Problem

__all__ = ["NO_MEMORY", "Exhibit", "SystemClock", "exhibited"]

#: Exit code of a plugin that asked for more than it may have.
NO_MEMORY: Final = 70


class Exhibit(msgspec.Struct, frozen=True, kw_only=True):
    """The plugin that is tried, and how far it may go.

    Attributes:
        path: Where modules are looked for.
        seconds: For all of its code.
        memory: Bytes of address space.
        token: What is written at the end.
    """

    id: str
    distribution: str
    version: str
    module: str
    folder: str
    manifest: str
    path: list[str]
    seconds: float
    memory: int
    token: str


class SystemClock:
    """The system's: importing that of the services takes longer than all else."""

    def now(self) -> datetime:
        """Aware UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that only grow."""
        return time.monotonic()


def main() -> None:
    """Try what the input names."""
    token, candidate = exhibited()
    clock = SystemClock()
    answer = attempt(candidate, HookCaller(clock), clock, Collector.specs)
    if isinstance(answer, Problem) and answer.message.startswith("MemoryError"):
        os._exit(NO_MEMORY)
    os.write(sys.__stdout__.fileno(), token.encode())  # type: ignore[union-attr]
    # Threads that the plugin left running must not keep this process.
    os._exit(0)


def exhibited() -> tuple[str, Candidate]:
    """Read the input and keep to its bounds; answers token and plugin."""
    exhibit = msgspec.json.decode(sys.stdin.buffer.read(), type=Exhibit)
    sys.path[:] = exhibit.path
    resource.setrlimit(resource.RLIMIT_AS, (exhibit.memory, exhibit.memory))
    faulthandler.enable(all_threads=False)
    faulthandler.dump_traceback_later(exhibit.seconds, exit=True)
    return exhibit.token, _candidate(exhibit)


def _candidate(exhibit: Exhibit) -> Candidate:
    plugin, manifest = PluginId(exhibit.id), Path(exhibit.manifest)
    return Candidate(
        id=plugin,
        distribution=exhibit.distribution,
        version=exhibit.version,
        module=exhibit.module,
        folder=Path(exhibit.folder),
        manifest_file=manifest,
        manifest=read_manifest(manifest, plugin),
    )


if __name__ == "__main__":
    main()
