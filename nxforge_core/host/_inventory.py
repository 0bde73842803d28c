"""What is installed: plugin zero first, then what pip brought."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.metadata import Distribution, version
from importlib.resources import files

from nxforge_core.api import Clock, Database, PluginId, decode_manifest
from nxforge_core.builtin import RESERVED_IDS
from nxforge_core.builtin import plugin as plugin_zero
from nxforge_core.plugins import (
    BUILT_IN,
    Candidate,
    Inventory,
    PluginProblemError,
    Problem,
    built_in,
    discover,
    load,
)
from nxforge_core.services import get_log

from ._enabled import enabled_plugins
from ._order import Order

__all__ = ["find_plugins", "take_inventory", "take_one"]

_Found = Sequence[Candidate | Problem]


async def take_inventory(order: Order, database: Database) -> Inventory:
    """Find every plugin and load those that are enabled.

    A plugin that was enabled by an admin and is not installed any more is said in the
    log; one that the settings name is an error.

    Raises:
        NotInstalledError: the settings name a plugin that is not installed.
    """
    found = find_plugins(order.clock, order.distributions)
    remembered = await enabled_plugins(database)
    gone = remembered - _ids(found)
    if gone:
        get_log(None).warning("enabled plugins are not installed", plugins=sorted(gone))
    enable = (remembered - gone) | set(order.settings.plugins.enable)
    return load(
        found, enable=enable, core_version=version("nxforge-core"), clock=order.clock
    )


def take_one(order: Order, plugin: str) -> Inventory:
    """Load one plugin, enabled or not, with those it requires; no other is imported.

    Raises:
        NotInstalledError: it is not installed.
        PluginProblemError: it cannot be used; the problem says why.
    """
    found = find_plugins(order.clock, order.distributions)
    known = {each.id: each for each in found if isinstance(each, Candidate)}
    wanted, open_ids = {plugin}, [plugin]
    while open_ids:
        each = known.get(PluginId(open_ids.pop()))
        more = {*each.manifest.requires} - wanted if each else set()
        wanted |= more
        open_ids += more
    inventory = load(
        [each for each in found if _id_of(each) in {*wanted, BUILT_IN}],
        enable=wanted,
        core_version=version("nxforge-core"),
        clock=order.clock,
    )
    if (problem := inventory[plugin].problem) is not None:
        raise PluginProblemError(problem)
    return inventory


def find_plugins(clock: Clock, distributions: Iterable[Distribution] | None) -> _Found:
    """Every installed plugin, and what is wrong with entry points; imports nothing."""
    manifest = decode_manifest(
        (files("nxforge_core.builtin") / "manifest.json").read_bytes()
    )
    zero = built_in(plugin_zero, manifest, version("nxforge-core"))
    return [zero, *discover(distributions, clock=clock, reserved=RESERVED_IDS)]


def _ids(found: _Found) -> set[str]:
    return {_id_of(each) for each in found}


def _id_of(each: Candidate | Problem) -> str:
    return each.id if isinstance(each, Candidate) else each.plugin
