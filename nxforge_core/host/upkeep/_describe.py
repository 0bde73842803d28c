"""What a plugin adds: asked in a process of its own, as it lies on the disk now."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from contextlib import suppress
from secrets import token_hex
from typing import Final

import msgspec

from nxforge_core.api import Clock
from nxforge_core.host.lifecycle._trial import death_of, exhibit_of
from nxforge_core.plugins import Candidate, HeldError, Problem
from nxforge_core.plugins.upkeep import Described

__all__ = ["describe"]

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
