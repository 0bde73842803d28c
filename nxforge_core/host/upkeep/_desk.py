"""What plugin zero's routes ask of a running host about other versions of plugins."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nxforge_core.api import PluginId, UnknownItemError
from nxforge_core.host._core import Core
from nxforge_core.host._order import Order
from nxforge_core.host.lifecycle import Conductor, agree, read_wishes
from nxforge_core.host.lifecycle._inventory import find_plugins
from nxforge_core.plugins import Candidate, Problem, UnknownPluginError
from nxforge_core.plugins.upkeep import MigrationStep, Orphan, Plan, Receipt
from nxforge_core.security.audit import Actor

from ._describe import Descriptions
from ._planning import Planner
from ._removal import Remover
from ._restoring import restore_plugin
from ._steps import migration_steps, migrations_of

__all__ = ["UpkeepDesk"]


@dataclass(frozen=True, slots=True)
class UpkeepDesk:
    """Implements `nxforge_core.builtin.Upkeep`."""

    order: Order
    core: Core
    conductor: Conductor
    descriptions: Descriptions = field(default_factory=Descriptions)

    async def plan(self, plugin: str, *, rehearse: bool = False) -> Plan:
        """See `Planner.plan`."""
        order = self.order
        enable, seconds = order.settings.plugins.enable, order.deadlines.load
        known = self.descriptions
        planner = Planner(self.core, order.clock, enable, seconds, known)
        found = await self._found()
        return await planner.plan(plugin, found, rehearse=rehearse)

    async def migrations(self, plugin: str) -> list[MigrationStep]:
        """See `migration_steps`; none of a plugin that ships none.

        Raises:
            UnknownPluginError: it is not installed.
        """
        found = await self._found()
        known = {each.id: each for each in found if isinstance(each, Candidate)}
        if (candidate := known.get(PluginId(plugin))) is None:
            raise UnknownPluginError(plugin, known)
        wishes = await read_wishes(self.core.database, ())
        stored = wishes.known.get(candidate.id)
        folder = migrations_of(candidate, stored.surface if stored else None)
        return await migration_steps(self.core, plugin, folder) if folder else []

    async def orphans(self) -> list[Orphan]:
        """See `Remover.orphans`."""
        return await self._remover.orphans(await self._installed())

    async def remove(self, plugin: str, by: Actor, *, export: bool) -> Receipt:
        """See `Remover.remove`; an export goes into the data directory."""
        file = await asyncio.to_thread(self._export_file, plugin) if export else None
        installed = await self._installed()
        receipt = await self._remover.remove(plugin, installed, by, file)
        await self.conductor.catch_up()
        return receipt

    async def restore(self, file: str, by: Actor) -> str:
        """See `restore_plugin`.

        Raises:
            UnknownItemError: no export in the data directory has this name.
        """
        data = self.order.settings.data_dir
        found = await asyncio.to_thread(lambda: list((data / "exports").glob("*.tar")))
        path = next((each for each in found if each.name == file), None)
        if path is None:
            names = ", ".join(sorted(each.name for each in found)) or "there is none"
            remedy = f"name one: {names}"
            raise UnknownItemError(kind="export", value=file, remedy=remedy)
        export = await restore_plugin(self.core, path, data / "files", by)
        await self.conductor.catch_up()
        return export.id

    async def agree(self, plugin: str, version: str, by: Actor) -> None:
        """See `agree`; followed here before it returns."""
        found = await self._found()
        await agree(self.core.database, found, (plugin, version), by)
        await self.conductor.catch_up()

    @property
    def _remover(self) -> Remover:
        return Remover(self.core, self.order.clock, self.order.settings)

    def _export_file(self, plugin: str) -> Path:
        folder = self.order.settings.data_dir / "exports"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder / f"{plugin}-{self.order.clock.now():%Y%m%dT%H%M%SZ}.tar"

    async def _installed(self) -> set[str]:
        return {
            each.id if isinstance(each, Candidate) else each.plugin
            for each in await self._found()
        }

    async def _found(self) -> Sequence[Candidate | Problem]:
        order = self.order
        return await asyncio.to_thread(find_plugins, order.clock, order.distributions)
