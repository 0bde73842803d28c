"""The state of each plugin before any is imported."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import msgspec

from nxforge_core.api import Clock, PluginId

from ._candidate import BUILT_IN, Candidate
from ._errors import CoreRangeError
from ._order import cycles, in_order
from ._plugin import Plugin
from ._problem import Problem
from ._requirements import check_core, circle, requires

__all__ = ["Records"]


class Records:
    """First states: disabled, incompatible, quarantined, or enabled and to be loaded.

    Args:
        wanted: Ids of the plugins that shall run.
        core_version: Of nxforge-core.
    """

    def __init__(
        self, wanted: Collection[str], *, core_version: str, clock: Clock
    ) -> None:
        self._wanted = {*wanted, BUILT_IN}
        self._core_version = core_version
        self._clock = clock

    def of(self, found: Sequence[Candidate | Problem]) -> list[Plugin]:
        """A record of each, in the order in which they are loaded."""
        records = {each.id: each for each in map(self._record, found)}
        records |= {each.id: each for each in self._in_circles(records.values())}
        order = in_order({key: requires(each) for key, each in records.items()})
        order.sort(key=lambda key: key != BUILT_IN)
        return [records[PluginId(key)] for key in order]

    def _record(self, found: Candidate | Problem) -> Plugin:
        if isinstance(found, Problem):
            return self._refused(found)
        wanted = found.id in self._wanted
        plugin = Plugin(
            id=found.id,
            distribution=found.distribution,
            folder=found.folder,
            version=found.version,
            manifest=found.manifest,
            state="enabled" if wanted else "disabled",
            wanted=wanted,
            since=self._clock.now(),
        )
        try:
            check_core(found, self._core_version)
        except CoreRangeError as error:
            problem = Problem.from_error(error, found, error.phase, plugin.since)
            return msgspec.structs.replace(
                plugin, state="incompatible", problem=problem
            )
        return plugin

    def _refused(self, problem: Problem) -> Plugin:
        wanted = problem.plugin in self._wanted
        return Plugin(
            id=PluginId(problem.plugin),
            distribution=problem.distribution,
            version="",
            manifest=None,
            state="quarantined" if wanted else "disabled",
            wanted=wanted,
            since=problem.at,
            problem=problem,
        )

    def _in_circles(self, plugins: Collection[Plugin]) -> Iterator[Plugin]:
        enabled = {each.id: each for each in plugins if each.state == "enabled"}
        for ids in cycles({key: requires(each) for key, each in enabled.items()}):
            for plugin in (enabled[PluginId(key)] for key in sorted(set(ids))):
                error, now = circle(plugin, ids), self._clock.now()
                problem = Problem.from_error(error, plugin, error.phase, now)
                yield msgspec.structs.replace(
                    plugin, state="quarantined", problem=problem
                )
