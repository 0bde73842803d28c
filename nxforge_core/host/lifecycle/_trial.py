"""Whether a plugin can be imported: found out by a process that may die of it."""

from __future__ import annotations

import asyncio
import re
import signal
import sys
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import Final

import msgspec

from nxforge_core.plugins import Candidate, lies_in
from nxforge_core.plugins._tried import NO_MEMORY, Exhibit

__all__ = ["place_of", "try_out"]

_MEMORY: Final = 4 << 30
#: Seconds for the interpreter itself, before and after the plugin's own.
_MARGIN: Final = 10.0
#: A line of the traceback that a dying interpreter writes.
_FRAME: Final = re.compile(r'File "(?P<file>[^"]+)", line (?P<line>\d+) in ')


async def try_out(plugin: Candidate, seconds: float) -> str | None:
    """Import a plugin and ask its hooks, in a process of its own.

    Returns:
        What it did to that process; None where its code came to an end, well or not.
    """
    token = token_hex()
    exhibit = _exhibit(plugin, seconds, token)
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
    return _words(0 if code is None else code, said.decode(errors="replace"), plugin)


def place_of(trace: str, folder: Path | None) -> str:
    """Where it was, in words: the innermost frame of the plugin's own."""
    frames = [(found["file"], found["line"]) for found in _FRAME.finditer(trace)]
    own = [one for one in frames if folder is not None and lies_in(one[0], folder)]
    if not (named := own or frames):
        return ""
    return f" in {named[0][0]}:{named[0][1]}"


def _words(code: int, trace: str, plugin: Candidate) -> str:
    place = place_of(trace, plugin.folder)
    if "Timeout (" in trace:
        return f"does not come to an end{place}"
    if code < 0:
        return f"ends the process by {signal.Signals(-code).name}{place}"
    if code == NO_MEMORY:
        return f"asks for more than {_MEMORY >> 30} GB of memory"
    return f"ends the process with exit code {code}"


def _exhibit(plugin: Candidate, seconds: float, token: str) -> Exhibit:
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
