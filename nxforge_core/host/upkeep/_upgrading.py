"""From the version that ran last to the one that is installed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nxforge_core.api import Clock
from nxforge_core.host._core import Core
from nxforge_core.host.lifecycle import agree, change_plugin, read_wishes, say_restart
from nxforge_core.host.lifecycle._errors import ConsentNeededError
from nxforge_core.plugins import Candidate, Problem
from nxforge_core.plugins.upkeep import Plan
from nxforge_core.security.audit import Actor
from nxforge_core.settings import PluginSettings

from ._errors import UnusablePluginError
from ._planning import Planner
from ._rehearsing import migrate_ahead

__all__ = ["Upgrader"]


@dataclass(frozen=True, slots=True)
class Upgrader:
    """Has hosts run what is installed.

    Attributes:
        core: The host's own corner.
        seconds: For the code of a plugin.
    """

    core: Core
    clock: Clock
    settings: PluginSettings
    seconds: float

    async def upgrade(
        self,
        plugin: str,
        found: Sequence[Candidate | Problem],
        by: Actor,
        *,
        yes: bool,
    ) -> list[str]:
        """Agree to a plugin's installed version and have hosts run it.

        Returns:
            What was done, in sentences.

        Raises:
            UnusablePluginError: it would not serve.
            MigrationError: its migrations or the checks after them fail; its tables
                are as they were.
            ConsentNeededError: it asks for more than was agreed to, and `yes` was not
                said.
        """
        planner = Planner(self.core, self.clock, self.settings.enable, self.seconds)
        plan, candidate, folder = await planner.look(plugin, found)
        if plan.problem is not None or candidate is None:
            raise UnusablePluginError(plugin, plan.problem or "", plan.remedy or "")
        if not yes and (asked := [*plan.consent, *_without_way_back(plan)]):
            raise ConsentNeededError(plugin, plan.version, asked)
        done: list[str] = []
        if folder and (ran := await migrate_ahead(self.core, candidate, folder)):
            done.append(f"applied {', '.join(ran)}")
        if plan.consent:
            await agree(self.core.database, found, (plugin, plan.version), by)
            done.append(f"agreed to {', '.join(plan.consent)}")
        return [*done, await self._take_over(plan, found, by)]

    async def _take_over(
        self, plan: Plan, found: Sequence[Candidate | Problem], by: Actor
    ) -> str:
        plugin, database = plan.plugin, self.core.database
        wishes = await read_wishes(database, self.settings.enable)
        if plugin not in wishes.wanted:
            return f"{plugin} is not enabled; enable it to run {plan.version}"
        if plan.restart is not None:
            await say_restart(database, by)
            return f"running hosts start anew: {plan.restart}"
        await change_plugin(database, self.settings, found, (plugin, "reload"), by)
        return f"running hosts take over {plugin} {plan.version}"


def _without_way_back(plan: Plan) -> list[str]:
    return [
        f"migration {each.id} outside a transaction"
        for each in plan.migrations
        if each.state == "pending" and not each.transactional
    ]
