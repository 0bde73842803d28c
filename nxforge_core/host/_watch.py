"""How running plugins are: their health checks, and what the host saw of them."""

from __future__ import annotations

from collections.abc import Sequence

from nxforge_core.api import Clock, NxForgeError, PluginId
from nxforge_core.builtin import CheckResult
from nxforge_core.database import Pool
from nxforge_core.plugins import Inventory, Plugin, Problem
from nxforge_core.services import get_log

from ._blocking import Blocking
from ._checks import run_checks, words_of
from ._deadlines import Deadlines
from ._problem import cause_of
from ._starter import Started

__all__ = ["UnhealthyPluginError", "Watch"]


class UnhealthyPluginError(NxForgeError):
    """A plugin serves and says, or shows, that something is wrong with it."""

    code = "unhealthy_plugin"

    def __init__(self, plugin: str, words: str) -> None:
        super().__init__(
            words, remedy=f"GET /api/v1/plugins/{plugin}/health asks it again"
        )
        self.plugin = plugin


class Watch:
    """Keeps the states `running` and `degraded` of the inventory true."""

    def __init__(
        self,
        inventory: Inventory,
        clock: Clock,
        deadlines: Deadlines,
        blocking: Blocking,
    ) -> None:
        self._inventory = inventory
        self._clock = clock
        self._deadlines = deadlines
        self._blocking = blocking
        self._broken: dict[PluginId, str] = {}

    def broken(self, plugin: PluginId, error: BaseException) -> None:
        """Note that a plugin's life span ended by an error: it stays degraded."""
        owner = self._inventory[plugin]
        cause = cause_of(error)
        problem = Problem.from_error(cause, owner, "serve", self._clock.now())
        get_log(plugin).error("life span broke", problem=problem.message)
        self._broken[plugin] = problem.message
        self._inventory.degraded(plugin, problem)

    async def check(self, started: Started) -> Sequence[CheckResult]:
        """Run the checks of a plugin and note what they say."""
        plugin = started.plugin
        results = await run_checks(
            plugin.specs.health, started.context, self._deadlines.check
        )
        noted = {
            "lifespan": self._broken.get(plugin.id),
            "loop": self._blocking.describe(plugin.id),
            "pool": _exhausted(started),
        }
        results += [
            CheckResult(name=name, state="failing", detail=why, milliseconds=0)
            for name, why in noted.items()
            if why is not None
        ]
        self._note(plugin, words_of(results))
        return results

    def _note(self, plugin: Plugin, words: str) -> None:
        if words:
            error = UnhealthyPluginError(plugin.id, words)
            problem = Problem.from_error(error, plugin, "serve", self._clock.now())
            self._inventory.degraded(plugin.id, problem)
        elif self._inventory[plugin.id].state == "degraded":
            self._inventory.running(plugin.id)


def _exhausted(started: Started) -> str | None:
    """Why the plugin's own code gets no connection, where that is so."""
    database = started.context.db
    why = database.exhausted if isinstance(database, Pool) else None
    return None if why is None else f"{why.reason}; {why.remedy}"
