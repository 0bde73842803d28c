"""From what is installed to an inventory: one plugin after the other."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TypeAlias

from nxforge_core.api import Clock

from ._attempt import attempt
from ._candidate import Candidate
from ._collect import Collector
from ._hooks import HookCaller
from ._inventory import Inventory
from ._plugin import Plugin, PluginSpecs
from ._problem import Phase, Problem
from ._requirements import unmet
from ._survey import Survey

__all__ = ["During", "judge", "lacking", "load", "settle", "unnoted"]


#: What is entered while the code of a plugin runs.
During: TypeAlias = Callable[[Candidate | Plugin, Phase], AbstractContextManager[None]]


def unnoted(_plugin: Candidate | Plugin, _phase: Phase) -> AbstractContextManager[None]:
    """Enter nothing: of a process in which nobody reads what became of it."""
    return nullcontext()


def load(found: Survey, clock: Clock, during: During = unnoted) -> Inventory:
    """Import and check the enabled plugins; the others are recorded, never imported.

    A plugin that fails is quarantined with all that require it, and the next one is
    loaded. The hooks of a plugin are called in a fixed order (settings, migrations,
    routes, jobs, pages, health, events) before the next plugin is imported.

    Args:
        found: What is installed, plugin zero with it.
        clock: Times the calls and dates states and problems.
        during: Is entered while the code of a plugin runs.
    """
    inventory = Inventory(found.records, HookCaller(clock), clock, found.strays)
    for plugin in inventory:
        if inventory[plugin.id].state == "enabled":
            _bring_up(found.candidates[plugin.id], inventory, during)
    return inventory


def _bring_up(plugin: Candidate, inventory: Inventory, during: During) -> None:
    if (problem := lacking(plugin, inventory)) is not None:
        inventory.quarantine(plugin.id, problem)
        return
    with during(plugin, "import"):
        answer = judge(plugin, inventory)
    settle(plugin, inventory, answer)


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
