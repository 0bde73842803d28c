"""What is installed, and the state of each plugin before any is imported."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import msgspec

from nxforge_core.api import Clock, PluginId

from ._candidate import Candidate
from ._errors import GrownError, HeldError, MissingPackageError, NotInstalledError
from ._plugin import Plugin
from ._problem import Owner, Phase, Problem
from ._records import Records
from .upkeep._surface import Grants, grants_of

__all__ = ["Absent", "Survey", "check_installed", "survey"]


class Absent(Owner, frozen=True, kw_only=True):
    """A plugin that was here before.

    Attributes:
        version: The last one that ran.
        agreed: What an admin agreed to; None before its first start.
    """

    version: str
    agreed: Grants | None = None


class Held(NamedTuple):
    """A plugin that is not to be imported: a process died of it.

    Attributes:
        version: Which version.
        phase: What that process was doing with it.
        why: What it did.
    """

    id: PluginId
    version: str
    phase: Phase
    why: str


class Survey(NamedTuple):
    """What was found.

    Attributes:
        candidates: Those whose manifest is good.
        records: One of each plugin, in the order in which they are loaded.
        strays: Problems of entry points that got no record of their own, because they
            claim the id of plugin zero.
    """

    candidates: Mapping[PluginId, Candidate]
    records: Sequence[Plugin]
    strays: tuple[Problem, ...]


def survey(
    found: Sequence[Candidate | Problem],
    *,
    enable: Collection[str],
    core_version: str,
    clock: Clock,
    known: Collection[Absent] = (),
    held: Collection[Held] = (),
) -> Survey:
    """Record what `discover` returned, plugin zero added to it.

    Args:
        found: Candidates, and what is wrong with the others.
        enable: Ids of the plugins that shall run; plugin zero always does.
        core_version: Of nxforge-core, for the ranges in the manifests.
        clock: Dates states and problems.
        known: Plugins that were here before; those that are no more are `missing`,
            and one that asks for more than was agreed to is quarantined.
        held: Those that are quarantined without being imported.
    """
    candidates = {each.id: each for each in found if isinstance(each, Candidate)}
    problems = [each for each in found if isinstance(each, Problem)]
    strays = tuple(each for each in problems if each.plugin in candidates)
    records = Records(enable, core_version=core_version, clock=clock)
    here = [each for each in found if each not in strays]
    installed = _ids(found)
    gone = [_missing(each, enable, clock) for each in known if each.id not in installed]
    agreed = {each.id: each.agreed for each in known if each.agreed}
    known_by = {(each.id, each.version): each for each in held}
    judged = [
        _grown(_held(each, known_by.get((each.id, each.version)), clock), agreed, clock)
        for each in records.of(here)
    ]
    return Survey(candidates, [*judged, *gone], strays)


def check_installed(
    found: Sequence[Candidate | Problem], named: Collection[str]
) -> None:
    """Compare what is installed with what the settings name.

    Raises:
        NotInstalledError: they name ids that nobody installed.
    """
    installed = _ids(found)
    if unknown := sorted(set(named) - installed):
        raise NotInstalledError(unknown, installed)


def _ids(found: Sequence[Candidate | Problem]) -> set[str]:
    return {each.id if isinstance(each, Candidate) else each.plugin for each in found}


def _held(plugin: Plugin, held: Held | None, clock: Clock) -> Plugin:
    if held is None or plugin.state != "enabled":
        return plugin
    error = HeldError(plugin.id, held.why)
    problem = Problem.from_error(error, plugin, held.phase, clock.now())
    return msgspec.structs.replace(plugin, state="quarantined", problem=problem)


def _grown(plugin: Plugin, agreed: Mapping[PluginId, Grants], clock: Clock) -> Plugin:
    if plugin.state != "enabled" or plugin.manifest is None or plugin.id not in agreed:
        return plugin
    more = grants_of(plugin.manifest).beyond(agreed[plugin.id]).words()
    if not more:
        return plugin
    error = GrownError(plugin.id, plugin.version, more)
    problem = Problem.from_error(error, plugin, error.phase, clock.now())
    return msgspec.structs.replace(plugin, state="quarantined", problem=problem)


def _missing(known: Absent, enable: Collection[str], clock: Clock) -> Plugin:
    error, now = MissingPackageError(known.id, known.distribution), clock.now()
    return Plugin(
        id=known.id,
        distribution=known.distribution,
        version=known.version,
        manifest=None,
        state="missing",
        wanted=known.id in enable,
        since=now,
        problem=Problem.from_error(error, known, error.phase, now),
    )
