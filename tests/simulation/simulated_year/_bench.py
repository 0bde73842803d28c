"""The process with the simulated meters."""

from __future__ import annotations

import json
from dataclasses import asdict

from simulator import WorldSpec

from ._process import LineProcess

__all__ = ["Bench"]


class Bench:
    """Meters on loopback.

    Attributes:
        ports: One for each meter.
    """

    def __init__(self, spec: WorldSpec) -> None:
        self._process = LineProcess("simulator", json.dumps(asdict(spec)))
        self.ports: list[int] = []

    async def start(self) -> None:
        """Open the ports."""
        self.ports = json.loads(await self._process.start())

    async def set_time(self, at: int) -> None:
        """Say what time it is in the world."""
        await self._process.ask(str(at))

    async def hold(self) -> None:
        """Let answers wait."""
        await self._process.ask("hold")

    async def until_asked(self) -> bool:
        """Wait for a poll; answers whether one came."""
        return await self._process.ask("asked") == "asked"

    async def free(self) -> None:
        """Let answers go."""
        await self._process.ask("free")

    async def stop(self) -> None:
        """End it."""
        await self._process.stop()
