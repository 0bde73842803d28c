"""From candidates to an inventory: one plugin after the other, none stops another."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from nxforge_core.api import Clock

from ._attempt import attempt
from ._candidate import Candidate
from ._collect import Collector
from ._errors import NotInstalledError
from ._hooks import HookCaller
from ._inventory import Inventory
from ._problem import Problem
from ._records import Records
from ._requirements import unmet

__all__ = ["load"]


def load(
    found: Sequence[Candidate | Problem],
    *,
    enable: Collection[str],
    core_version: str,
    clock: Clock,
) -> Inventory:
    """Import and check the enabled plugins; the others are recorded, never imported.

    A plugin that fails is quarantined with all that require it, and the next one is
    loaded. The hooks of a plugin are called in a fixed order (settings, migrations,
    routes, jobs, pages, health, events) before the next plugin is imported.

    Args:
        found: What `discover` returned; plugin zero (`built_in`) is added to it.
        enable: Ids of the plugins that shall run; plugin zero always does.
        core_version: Of nxforge-core, for the ranges in the manifests.
        clock: Times the calls and dates states and problems.

    Raises:
        NotInstalledError: `enable` names ids that nobody installed.
    """
    candidates = {each.id: each for each in found if isinstance(each, Candidate)}
    problems = [each for each in found if isinstance(each, Problem)]
    _require_installed(enable, {*candidates, *(each.plugin for each in problems)})
    strays = tuple(each for each in problems if each.plugin in candidates)
    records = Records(enable, core_version=core_version, clock=clock)
    known = [each for each in found if each not in strays]
    hooks = HookCaller(clock)
    inventory = Inventory(records.of(known), hooks, clock, strays)
    for plugin in inventory:
        if inventory[plugin.id].state == "enabled":
            _bring_up(candidates[plugin.id], inventory, hooks, clock)
    return inventory


def _require_installed(enable: Collection[str], installed: set[str]) -> None:
    unknown = sorted(set(enable) - installed)
    if unknown:
        raise NotInstalledError(unknown, installed)


def _bring_up(
    plugin: Candidate, inventory: Inventory, hooks: HookCaller, clock: Clock
) -> None:
    others = {each.id: each for each in inventory}
    if error := unmet(others[plugin.id], others):
        problem = Problem.from_error(error, plugin, error.phase, clock.now())
        inventory.quarantine(plugin.id, problem)
        return
    answer = attempt(plugin, hooks, clock, Collector.specs)
    if isinstance(answer, Problem):
        inventory.quarantine(plugin.id, answer)
    else:
        inventory.adopt(plugin.id, answer)
