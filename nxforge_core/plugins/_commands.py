"""The commands of one plugin, without loading any other."""

from __future__ import annotations

from collections.abc import Sequence

from nxforge_core.api import Clock, CommandSpec

from ._attempt import attempt
from ._candidate import Candidate
from ._collect import Collector
from ._errors import (
    CoreRangeError,
    PluginProblemError,
    UnknownPluginError,
)
from ._hooks import HookCaller
from ._problem import Problem
from ._requirements import check_core

__all__ = ["load_command_plugin"]


def load_command_plugin(
    plugin: str,
    found: Sequence[Candidate | Problem],
    *,
    core_version: str,
    clock: Clock,
) -> tuple[CommandSpec, ...]:
    """Import one plugin, enabled or not, and ask it for its commands.

    Typing the plugin's id is consent. No other plugin is imported, and of this one
    only the hook of the commands is called.

    Args:
        plugin: Its id.
        found: What `discover` returned.
        core_version: Of nxforge-core.
        clock: Times the call and dates the problem.

    Raises:
        UnknownPluginError: nobody installed it.
        PluginProblemError: it cannot be used; the problem says why.
    """
    known = {
        each.plugin if isinstance(each, Problem) else each.id: each for each in found
    }
    if plugin not in known:
        raise UnknownPluginError(plugin, known)
    answer = _ask(known[plugin], core_version, clock)
    if isinstance(answer, Problem):
        raise PluginProblemError(answer)
    return answer


def _ask(
    found: Candidate | Problem, core_version: str, clock: Clock
) -> tuple[CommandSpec, ...] | Problem:
    if isinstance(found, Problem):
        return found
    try:
        check_core(found, core_version)
    except CoreRangeError as error:
        return Problem.from_error(error, found, error.phase, clock.now())
    return attempt(found, HookCaller(clock), clock, Collector.commands)
