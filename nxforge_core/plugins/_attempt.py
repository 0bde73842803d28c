"""Run the code of one plugin, so that whatever it does stays its own problem."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from nxforge_core.api import Clock

from ._candidate import Candidate
from ._collect import Collector
from ._hooks import HookCaller
from ._problem import Phase, Problem

__all__ = ["attempt"]

T = TypeVar("T")


def attempt(
    plugin: Candidate, hooks: HookCaller, clock: Clock, ask: Callable[[Collector], T]
) -> T | Problem:
    """Import a plugin, take its hooks and ask them.

    Returns:
        What `ask` returned, or the problem; all faults of the plugin are in it.
    """
    phase: Phase = "import"
    try:
        module = hooks.import_module(plugin)
        phase = "validate"
        collector = Collector(plugin, hooks)
        faults = hooks.register(plugin, module)
        answer = None if faults else ask(collector)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - sys.exit() is a failure like others
        return Problem.from_error(error, plugin, phase, clock.now())
    faults = faults or collector.faults
    if answer is None or faults:
        return Problem.from_faults(faults, plugin, phase, clock.now())
    return answer
