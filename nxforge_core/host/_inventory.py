"""What is installed: plugin zero first, then what pip brought."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.metadata import Distribution, version
from importlib.resources import files

from nxforge_core.api import Clock, Database, decode_manifest
from nxforge_core.builtin import RESERVED_IDS
from nxforge_core.builtin import plugin as plugin_zero
from nxforge_core.plugins import (
    Candidate,
    Inventory,
    Problem,
    built_in,
    discover,
    load,
)
from nxforge_core.services import get_log

from ._enabled import enabled_plugins
from ._order import Order

__all__ = ["find_plugins", "take_inventory"]

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


def find_plugins(clock: Clock, distributions: Iterable[Distribution] | None) -> _Found:
    """Every installed plugin, and what is wrong with entry points; imports nothing."""
    manifest = decode_manifest(
        (files("nxforge_core.builtin") / "manifest.json").read_bytes()
    )
    zero = built_in(plugin_zero, manifest, version("nxforge-core"))
    return [zero, *discover(distributions, clock=clock, reserved=RESERVED_IDS)]


def _ids(found: _Found) -> set[str]:
    return {each.id if isinstance(each, Candidate) else each.plugin for each in found}
