"""What plugin zero's routes ask of a running host about other versions of plugins."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from nxforge_core.host._core import Core
from nxforge_core.host._order import Order
from nxforge_core.host.lifecycle import Conductor, agree
from nxforge_core.host.lifecycle._inventory import find_plugins
from nxforge_core.plugins import Candidate, Problem
from nxforge_core.plugins.upkeep import Plan
from nxforge_core.security.audit import Actor

from ._planning import Planner

__all__ = ["UpkeepDesk"]


@dataclass(frozen=True, slots=True)
class UpkeepDesk:
    """Implements `nxforge_core.builtin.Upkeep`."""

    order: Order
    core: Core
    conductor: Conductor

    async def plan(self, plugin: str, *, rehearse: bool = False) -> Plan:
        """See `Planner.plan`."""
        order = self.order
        enable, seconds = order.settings.plugins.enable, order.deadlines.load
        planner = Planner(self.core, order.clock, enable, seconds)
        found = await self._found()
        return await planner.plan(plugin, found, rehearse=rehearse)

    async def agree(self, plugin: str, version: str, by: Actor) -> None:
        """See `agree`; followed here before it returns."""
        found = await self._found()
        await agree(self.core.database, found, (plugin, version), by)
        await self.conductor.catch_up()

    async def _found(self) -> Sequence[Candidate | Problem]:
        order = self.order
        return await asyncio.to_thread(find_plugins, order.clock, order.distributions)
