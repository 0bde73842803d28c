"""From the version that ran last to the one that is installed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nxforge_core.api import Clock
from nxforge_core.host._core import Core
from nxforge_core.host.lifecycle import agree, change_plugin, read_wishes, say_restart
from nxforge_core.host.lifecycle._errors import ConsentNeededError
from nxforge_core.plugins import Candidate, Problem
from nxforge_core.security.audit import Actor
from nxforge_core.settings import PluginSettings

from ._errors import UnusablePluginError
from ._planning import Planner

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
            ConsentNeededError: it asks for more than was agreed to, and `yes` was not
                said.
        """
        planner = Planner(self.core, self.clock, self.settings.enable, self.seconds)
        plan = await planner.plan(plugin, found)
        if plan.problem is not None:
            raise UnusablePluginError(plugin, plan.problem, plan.remedy or "")
        done: list[str] = []
        database = self.core.database
        if plan.consent:
            if not yes:
                raise ConsentNeededError(plugin, plan.version, plan.consent)
            await agree(database, found, (plugin, plan.version), by)
            done.append(f"agreed to {', '.join(plan.consent)}")
        wishes = await read_wishes(database, self.settings.enable)
        if plugin not in wishes.wanted:
            return [*done, f"{plugin} is not enabled; enable it to run {plan.version}"]
        if plan.restart is not None:
            await say_restart(database, by)
            return [*done, f"running hosts start anew: {plan.restart}"]
        await change_plugin(database, self.settings, found, (plugin, "reload"), by)
        return [*done, f"running hosts take over {plugin} {plan.version}"]
