"""The process that runs the plugin's jobs, as often killed as the run wants."""

from __future__ import annotations

import json
from datetime import datetime

import msgspec

from nxforge_core.database import ServerAddress

from ._process import LineProcess

__all__ = ["Host"]


class Host:
    """Runs jobs at the instants it is told.

    Attributes:
        killed: Exit codes of those that were killed.
    """

    def __init__(self, address: ServerAddress) -> None:
        text = msgspec.json.encode(address).decode()
        self._process = LineProcess("simulated_year", text)
        self.killed: list[int] = []

    async def start(self) -> None:
        """Start it."""
        await self._process.start()

    def begin(self, job: str, at: datetime, **params: object) -> None:
        """Let it run a job, without waiting for it."""
        self._process.send(
            json.dumps({"job": job, "at": at.isoformat(), "params": params})
        )

    async def end(self) -> dict[str, object]:
        """Wait for the job; answers its result."""
        answer: dict[str, object] = json.loads(await self._process.answer())
        if "error" in answer:
            raise AssertionError(answer["error"])
        return answer

    async def run(self, job: str, at: datetime, **params: object) -> dict[str, object]:
        """Let it run a job to its end."""
        self.begin(job, at, **params)
        return await self.end()

    async def kill(self) -> None:
        """Kill it with SIGKILL and start another one."""
        self.killed.append(await self._process.kill())
        await self._process.start()

    async def stop(self) -> None:
        """End it."""
        await self._process.stop()
