"""A process that answers each line with one line."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

__all__ = ["LineProcess"]

_FOLDER = str(Path(__file__).parents[1])
_LINE = 1 << 20


class LineProcess:
    """Runs a module of this folder.

    Args:
        module: To run.
        argument: The one argument.
    """

    def __init__(self, module: str, argument: str) -> None:
        self._command = (sys.executable, "-m", module, argument)
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> str:
        """Start it; answers its first line."""
        given = [os.environ["PYTHONPATH"]] if "PYTHONPATH" in os.environ else []
        self._process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": os.pathsep.join([_FOLDER, *given])},
            limit=_LINE,
        )
        return await self.answer()

    def send(self, line: str) -> None:
        """Send a line."""
        self._running.stdin.write(line.encode() + b"\n")  # type: ignore[union-attr]

    async def answer(self) -> str:
        """The next line it answers."""
        line = await self._running.stdout.readline()  # type: ignore[union-attr]
        if not line:
            raise EOFError(self._command[2], await self._running.wait())
        return line.decode().strip()

    async def ask(self, line: str) -> str:
        """Send a line and wait for the answer."""
        self.send(line)
        return await self.answer()

    async def kill(self) -> int:
        """Kill it with SIGKILL; answers its exit code."""
        self._running.kill()
        code = await self._running.wait()
        self._process = None
        return code

    async def stop(self) -> None:
        """End it by the end of its input."""
        if self._process is None:
            return
        self._running.stdin.close()  # type: ignore[union-attr]
        await self._running.wait()
        self._process = None

    @property
    def _running(self) -> asyncio.subprocess.Process:
        assert self._process is not None, "not started"
        return self._process
