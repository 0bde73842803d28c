"""Whether a plugin can be imported: found out by a process that may die of it."""

from __future__ import annotations

import asyncio
import re
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from secrets import token_hex
from typing import Final

import msgspec

from nxforge_core.host._culprit import Culprit, find_culprit
from nxforge_core.plugins import Candidate
from nxforge_core.plugins._tried import NO_MEMORY, Exhibit
from nxforge_core.services import Frame

__all__ = ["culprit_of", "death_of", "exhibit_of", "place_of", "try_out"]

_MEMORY: Final = 4 << 30
#: Seconds for the interpreter itself, before and after the plugin's own.
_MARGIN: Final = 10.0
#: A line of the traceback that a dying interpreter writes.
_FRAME: Final = re.compile(
    r'File "(?P<file>[^"]+)", line (?P<line>\d+) in (?P<function>.*)'
)


async def try_out(plugin: Candidate, seconds: float) -> str | None:
    """Import a plugin and ask its hooks, in a process of its own.

    Returns:
        What it did to that process; None where its code came to an end, well or not.
    """
    token = token_hex()
    exhibit = exhibit_of(plugin, seconds, token)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "nxforge_core.plugins._tried",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(seconds + _MARGIN):
            out, said = await process.communicate(msgspec.json.encode(exhibit))
    except TimeoutError:
        return f"does not come to an end within {seconds:g} s"
    finally:
        # One that swallows signals, and one that nobody waits for any more.
        with suppress(ProcessLookupError):
            process.kill()
    if out.endswith(token.encode()):
        return None
    code = process.returncode
    return death_of(0 if code is None else code, said.decode(errors="replace"), plugin)


def culprit_of(trace: str, plugins: Sequence[Candidate]) -> Culprit:
    """Whose code it was, and where: of what a dying interpreter wrote."""
    frames = [
        Frame(found["file"], int(found["line"]), found["function"])
        for found in _FRAME.finditer(trace)
    ]
    # It begins with the innermost.
    return find_culprit(frames[::-1], None, plugins)


def place_of(trace: str, plugin: Candidate) -> str:
    """Where it was, in words."""
    culprit = culprit_of(trace, [plugin])
    return f" in {culprit.file}:{culprit.line}" if culprit.file else ""


def death_of(code: int, trace: str, plugin: Candidate) -> str:
    """What a plugin did to a process that ended before its last word."""
    place = place_of(trace, plugin)
    if "Timeout (" in trace:
        return f"does not come to an end{place}"
    if code < 0:
        return f"ends the process by {signal.Signals(-code).name}{place}"
    if code == NO_MEMORY:
        return f"asks for more than {_MEMORY >> 30} GB of memory"
    return f"ends the process with exit code {code}"


def exhibit_of(plugin: Candidate, seconds: float, token: str) -> Exhibit:
    """A plugin as it is handed to such a process."""
    return Exhibit(
        id=plugin.id,
        distribution=plugin.distribution,
        version=plugin.version,
        module=plugin.module,
        folder=str(plugin.folder),
        manifest=str(plugin.manifest_file),
        path=sys.path,
        seconds=seconds,
        memory=_MEMORY,
        token=token,
    )
