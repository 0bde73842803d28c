"""From what is installed to an inventory: one plugin after the other."""

from __future__ import annotations

from nxforge_core.api import Clock

from ._attempt import attempt
from ._candidate import Candidate
from ._collect import Collector
from ._hooks import HookCaller
from ._inventory import Inventory
from ._plugin import PluginSpecs
from ._problem import Problem
from ._requirements import unmet
from ._survey import Survey

__all__ = ["judge", "lacking", "load", "settle"]


def load(found: Survey, clock: Clock) -> Inventory:
    """Import and check the enabled plugins; the others are recorded, never imported.

    A plugin that fails is quarantined with all that require it, and the next one is
    loaded. The hooks of a plugin are called in a fixed order (settings, migrations,
    routes, jobs, pages, health, events) before the next plugin is imported.

    Args:
        found: What is installed, plugin zero with it.
        clock: Times the calls and dates states and problems.
    """
    inventory = Inventory(found.records, HookCaller(clock), clock, found.strays)
    for plugin in inventory:
        if inventory[plugin.id].state == "enabled":
            _bring_up(found.candidates[plugin.id], inventory)
    return inventory


def _bring_up(plugin: Candidate, inventory: Inventory) -> None:
    if (problem := lacking(plugin, inventory)) is None:
        settle(plugin, inventory, judge(plugin, inventory))
    else:
        inventory.quarantine(plugin.id, problem)


def lacking(plugin: Candidate, inventory: Inventory) -> Problem | None:
    """Why a plugin cannot be loaded among the others as they are now."""
    others = {each.id: each for each in inventory}
    if error := unmet(others[plugin.id], others):
        return Problem.from_error(error, plugin, error.phase, inventory.clock.now())
    return None


def judge(plugin: Candidate, inventory: Inventory) -> PluginSpecs | Problem:
    """Run the plugin's code: what it adds, or why not. May be called off the loop."""
    return attempt(plugin, inventory.hooks, inventory.clock, Collector.specs)


def settle(
    plugin: Candidate, inventory: Inventory, answer: PluginSpecs | Problem
) -> None:
    """Note what became of it."""
    if isinstance(answer, Problem):
        inventory.quarantine(plugin.id, answer)
    else:
        inventory.adopt(plugin.id, answer)
