"""Import a plugin in this process and ask its hooks, each fault kept apart."""

from __future__ import annotations

import time

from nxforge_core.api import Clock
from nxforge_core.plugins import HookCaller, Problem
from nxforge_core.plugins._collect import Collector

from ._case import Case

__all__ = ["load_specs"]


def load_specs(case: Case, clock: Clock) -> None:
    """Fill in what the plugin adds to a host, or what is wrong with it."""
    plugin, hooks = case.plugin, HookCaller(clock)
    collector = Collector(plugin, hooks)
    # Of the processor: neighbours are no fault of the plugin's.
    began = time.thread_time()
    try:
        module = hooks.import_module(plugin)
        faults = hooks.register(plugin, module)
        specs = None if faults else collector.specs()
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever it is, it is the plugin's
        case.import_problem = Problem.from_error(error, plugin, "import", clock.now())
        return
    case.seconds = time.thread_time() - began
    case.faults = {**collector.refused, "": [*faults, *collector.unanswered]}
    if not any(case.faults.values()):
        case.specs = specs
