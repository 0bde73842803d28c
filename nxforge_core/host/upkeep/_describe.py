"""What a plugin adds: asked in a process of its own, as it lies on the disk now."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from contextlib import suppress
from secrets import token_hex
from typing import Final

import msgspec

from nxforge_core.api import Clock, PluginId
from nxforge_core.host.lifecycle._trial import death_of, exhibit_of
from nxforge_core.plugins import Candidate, HeldError, Problem
from nxforge_core.plugins.upkeep import Described

__all__ = ["Descriptions", "describe"]

#: Seconds for the interpreter itself, beside the plugin's own.
_MARGIN: Final = 10.0


async def describe(
    plugin: Candidate, seconds: float, clock: Clock, path: Sequence[str] = ()
) -> Described:
    """Import a plugin and ask its hooks, whatever that does to the process.

    Args:
        plugin: Whose.
        seconds: For all of its code.
        clock: Dates a problem.
        path: Where modules are looked for first.
    """
    token = token_hex()
    exhibit = exhibit_of(plugin, seconds, token)
    exhibit = msgspec.structs.replace(exhibit, path=[*path, *exhibit.path])
    out, trace, code = await _run(msgspec.json.encode(exhibit), seconds + _MARGIN)
    _, found, said = out.rpartition(token.encode())
    if found:
        return msgspec.json.decode(said, type=Described)
    if code is None:
        why = f"does not come to an end within {seconds:g} s"
    else:
        why = death_of(code, trace, plugin)
    error = HeldError(plugin.id, why)
    problem = Problem.from_error(error, plugin, "import", clock.now())
    return Described(problem=problem)


class Descriptions:
    """What plugins said of themselves, asked once for the files that are there."""

    def __init__(self) -> None:
        self._said: dict[PluginId, tuple[object, Described]] = {}
        self._lock = asyncio.Lock()

    async def of(self, plugin: Candidate, seconds: float, clock: Clock) -> Described:
        """See `describe`."""
        files = await asyncio.to_thread(_files, plugin)
        async with self._lock:
            known, said = self._said.get(plugin.id, (None, None))
            if said is None or said.surface is None or known != files:
                said = await describe(plugin, seconds, clock)
                self._said[plugin.id] = files, said
            return said


def _files(plugin: Candidate) -> object:
    found = [(str(each), each.stat()) for each in plugin.folder.rglob("*.*")]
    facts = sorted((name, stat.st_mtime_ns, stat.st_size) for name, stat in found)
    return plugin.version, [one for one in facts if not one[0].endswith(".pyc")]


async def _run(exhibit: bytes, seconds: float) -> tuple[bytes, str, int | None]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "nxforge_core.plugins.upkeep._described",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(seconds):
            out, said = await process.communicate(exhibit)
    except TimeoutError:
        return b"", "", None
    finally:
        with suppress(ProcessLookupError):
            process.kill()
    return out, said.decode(errors="replace"), process.returncode
