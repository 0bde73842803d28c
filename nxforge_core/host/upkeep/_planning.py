"""From what lies on the disk and what is stored to a plan."""

from __future__ import annotations

import importlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec
from packaging.utils import canonicalize_name

from nxforge_core.api import Clock, PluginId
from nxforge_core.database import MigrationError
from nxforge_core.host._core import Core
from nxforge_core.host.lifecycle._wishes import Known, read_wishes
from nxforge_core.plugins import Candidate, Problem, UnknownPluginError
from nxforge_core.plugins.upkeep import (
    Described,
    MigrationStep,
    Plan,
    Surface,
    change_of,
    compare,
    grants_of,
    grown,
    packages_of,
)

from ._describe import Descriptions, describe
from ._rehearsing import rehearsed
from ._steps import migration_steps
from ._wheel import Wheel, wheel_collisions

__all__ = ["Planner"]

#: Kinds of things that only the code of a plugin knows.
_UNREAD: Final = ("routes", "jobs", "pages", "settings", "subscriptions", "checks")
#: Endings of modules that no process can read anew.
_NATIVE: Final = (".so", ".pyd", ".dylib")


@dataclass(frozen=True, slots=True)
class Planner:
    """Says what it would change to have a plugin run as it lies there.

    Attributes:
        core: The host's own corner.
        enable: Ids that the settings enable.
        seconds: For the code of a plugin.
        descriptions: What is known of plugins already.
    """

    core: Core
    clock: Clock
    enable: Collection[str]
    seconds: float
    descriptions: Descriptions = field(default_factory=Descriptions)

    async def plan(
        self,
        plugin: str,
        found: Sequence[Candidate | Problem],
        *,
        rehearse: bool = False,
    ) -> Plan:
        """The plan of an installed plugin; its code runs in a process of its own.

        Args:
            plugin: Its id.
            found: What is installed.
            rehearse: Run its migrations, and have the server undo them.

        Raises:
            UnknownPluginError: it is not installed.
        """
        plan, candidate, folder = await self.look(plugin, found)
        if not rehearse or candidate is None or folder is None or plan.problem:
            return plan
        done = await rehearsed(self.core, candidate, folder)
        return msgspec.structs.replace(plan, rehearsal=done)

    async def look(
        self, plugin: str, found: Sequence[Candidate | Problem]
    ) -> tuple[Plan, Candidate | None, Path | None]:
        """The plan, the plugin, and the folder of its migrations.

        Raises:
            UnknownPluginError: it is not installed.
        """
        for each in found:
            if isinstance(each, Problem) and each.plugin == plugin:
                return _refused(each), None, None
            if isinstance(each, Candidate) and each.id == plugin:
                said = self.descriptions
                described = await said.of(each, self.seconds, self.clock)
                place = described.migrations
                plan = await self._plan(each, described, [])
                return plan, each, Path(place) if place else None
        known = {each.id for each in found if isinstance(each, Candidate)}
        raise UnknownPluginError(plugin, known)

    async def plan_wheel(self, wheel: Wheel, *, run: bool) -> Plan:
        """The plan of a wheel; its code runs only where `run` is said."""
        plugin = wheel.candidate()
        path = [str(wheel.folder)]
        if run:
            described = await describe(plugin, self.seconds, self.clock, path)
        else:
            described = _read(plugin)
        collisions = wheel_collisions(wheel, plugin)
        return await self._plan(plugin, described, collisions)

    async def _plan(
        self, plugin: Candidate, described: Described, collisions: list[str]
    ) -> Plan:
        known = await self._known(plugin.id)
        now = described.surface or _outside(plugin)
        before = known.surface if known else None
        unread = described.surface is None
        steps, trouble = await self._steps(plugin, described.migrations)
        problem = described.problem
        return Plan(
            plugin=plugin.id,
            distribution=plugin.distribution,
            version=plugin.version,
            before=before.version if before else None,
            change=change_of(plugin.version, before.version if before else None),
            parts=compare(_alike(now, before) if unread else now, before),
            migrations=steps,
            consent=grown(grants_of(plugin.manifest), known.agreed if known else None),
            collisions=collisions,
            unread=list(_UNREAD) if unread else [],
            problem=problem.message if problem else trouble[0],
            remedy=problem.remedy if problem else trouble[1],
            restart=_restart(plugin, before),
        )

    async def _known(self, plugin: PluginId) -> Known | None:
        wishes = await read_wishes(self.core.database, self.enable)
        return wishes.known.get(plugin)

    async def _steps(
        self, plugin: Candidate, place: str | None
    ) -> tuple[list[MigrationStep], tuple[str | None, str | None]]:
        if place is None:
            return [], (None, None)
        try:
            steps = await migration_steps(self.core, plugin.id, Path(place))
        except MigrationError as error:
            return [], (error.message, error.remedy)
        return steps, (None, None)


def _refused(problem: Problem) -> Plan:
    return Plan(
        plugin=problem.plugin,
        distribution=problem.distribution,
        version="",
        before=None,
        change="none",
        parts=[],
        migrations=[],
        consent=[],
        collisions=[],
        unread=list(_UNREAD),
        problem=problem.message,
        remedy=problem.remedy,
        restart=None,
    )


def _read(plugin: Candidate) -> Described:
    """What can be known of a plugin without running it."""
    folder = plugin.folder / "migrations"
    return Described(migrations=str(folder) if folder.is_dir() else None)


def _outside(plugin: Candidate) -> Surface:
    requires = plugin.manifest.requires.items()
    return Surface(
        version=plugin.version,
        grants=grants_of(plugin.manifest),
        requires=tuple(f"{one} {wanted}" for one, wanted in requires),
    )


def _alike(now: Surface, before: Surface | None) -> Surface:
    """What is not known of it is taken for what it was."""
    if before is None:
        return now
    same = {kind: getattr(before, kind) for kind in _UNREAD}
    return msgspec.structs.replace(now, **same)


def _restart(plugin: Candidate, before: Surface | None) -> str | None:
    importlib.invalidate_caches()
    files = plugin.folder.rglob("*")
    if before is not None and any(file.suffix in _NATIVE for file in files):
        return "it ships native modules"
    if before is None or not before.packages:
        return None
    own = canonicalize_name(plugin.distribution)
    now = packages_of(plugin.distribution)
    for name in sorted(now.keys() | before.packages.keys()):
        was, there = before.packages.get(name), now.get(name)
        if was is not None and was != there and name != own:
            return f"{name} was {was} and is {there or 'not installed'}"
    return None
