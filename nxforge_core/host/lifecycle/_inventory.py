"""What is installed: plugin zero first, then what pip brought."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Sequence
from importlib.metadata import Distribution, version
from importlib.resources import files

from nxforge_core.api import Clock, Database, PluginId, decode_manifest
from nxforge_core.builtin import RESERVED_IDS
from nxforge_core.builtin import plugin as plugin_zero
from nxforge_core.host._order import Order
from nxforge_core.plugins import (
    ACTIVE,
    BUILT_IN,
    Absent,
    Candidate,
    During,
    Inventory,
    PluginProblemError,
    Problem,
    Survey,
    built_in,
    check_installed,
    discover,
    load,
    survey,
    unnoted,
)
from nxforge_core.services import get_log

from ._errors import NotAllServeError
from ._wishes import Wishes, read_wishes

__all__ = [
    "check_all_serve",
    "find_plugins",
    "look_again",
    "take_inventory",
    "take_one",
    "wishes_of",
]

_Found = Sequence[Candidate | Problem]


async def take_inventory(
    order: Order, database: Database, during: During = unnoted
) -> tuple[Inventory, Wishes]:
    """Find every plugin and load those that are wanted.

    A plugin that was here before and is not installed any more is said in the log; one
    that the settings name is an error.

    Args:
        order: What the host was told.
        database: The core's schema.
        during: Is entered while the code of a plugin runs.

    Raises:
        NotInstalledError: the settings name a plugin that is not installed.
    """
    found = find_plugins(order.clock, order.distributions)
    wishes = await wishes_of(order, database)
    check_installed(found, wishes.named)
    surveyed = _survey(order, found, wishes)
    gone = [each.id for each in surveyed.records if each.state == "missing"]
    if lost := sorted(wishes.wanted.intersection(gone)):
        get_log(None).warning("enabled plugins are not installed", plugins=lost)
    return load(surveyed, order.clock, during), wishes


async def wishes_of(order: Order, database: Database) -> Wishes:
    """What this process shall run now."""
    plugins = order.settings.plugins
    return await read_wishes(database, plugins.enable, safe=plugins.safe)


def look_again(order: Order, wishes: Wishes) -> Survey:
    """What is installed now, pip having been at work; nothing is imported."""
    return _survey(order, find_plugins(order.clock, order.distributions), wishes)


def take_one(order: Order, plugin: str) -> Inventory:
    """Load one plugin, enabled or not, with those it requires; no other is imported.

    Raises:
        NotInstalledError: it is not installed.
        PluginProblemError: it cannot be used; the problem says why.
    """
    found = find_plugins(order.clock, order.distributions)
    check_installed(found, [plugin])
    known = {each.id: each for each in found if isinstance(each, Candidate)}
    wanted, open_ids = {plugin}, [plugin]
    while open_ids:
        each = known.get(PluginId(open_ids.pop()))
        more = {*each.manifest.requires} - wanted if each else set()
        wanted |= more
        open_ids += more
    surveyed = survey(
        [each for each in found if _id_of(each) in {*wanted, BUILT_IN}],
        enable=wanted,
        core_version=version("nxforge-core"),
        clock=order.clock,
    )
    inventory = load(surveyed, order.clock)
    if (problem := inventory[plugin].problem) is not None:
        raise PluginProblemError(problem)
    return inventory


def check_all_serve(inventory: Inventory, wishes: Wishes) -> None:
    """See that nothing of what shall run does not.

    Raises:
        NotAllServeError: something does not.
    """
    lost = {
        plugin.id: plugin.problem.message if plugin.problem else plugin.state
        for plugin in inventory
        if plugin.id in wishes.wanted and plugin.state not in ACTIVE
    }
    if lost:
        raise NotAllServeError(lost)


def find_plugins(clock: Clock, distributions: Iterable[Distribution] | None) -> _Found:
    """Every installed plugin, and what is wrong with entry points; imports nothing."""
    # pip may have been at work since the last look.
    importlib.invalidate_caches()
    manifest = decode_manifest(
        (files("nxforge_core.builtin") / "manifest.json").read_bytes()
    )
    zero = built_in(plugin_zero, manifest, version("nxforge-core"))
    return [zero, *discover(distributions, clock=clock, reserved=RESERVED_IDS)]


def _survey(order: Order, found: _Found, wishes: Wishes) -> Survey:
    return survey(
        found,
        enable=wishes.wanted,
        core_version=version("nxforge-core"),
        clock=order.clock,
        known=[
            Absent(
                id=each.id,
                distribution=each.distribution,
                version=each.version,
                agreed=each.agreed,
            )
            for each in wishes.known.values()
        ],
        held=wishes.held,
    )


def _id_of(each: Candidate | Problem) -> str:
    return each.id if isinstance(each, Candidate) else each.plugin
