"""What is installed: plugin zero first, then what pip brought."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from importlib.metadata import Distribution, version
from importlib.resources import files

from nxforge_core.api import Clock, decode_manifest
from nxforge_core.builtin import RESERVED_IDS
from nxforge_core.builtin import plugin as plugin_zero
from nxforge_core.plugins import Inventory, built_in, discover, load

__all__ = ["take_inventory"]


def take_inventory(
    enable: Collection[str],
    clock: Clock,
    distributions: Iterable[Distribution] | None,
) -> Inventory:
    """Find every plugin and load those that are enabled.

    Args:
        enable: Ids of the plugins to load; no other one is imported.
        clock: Dates states and problems.
        distributions: Where to look; all that is installed by default.

    Raises:
        UnknownItemError: `enable` names a plugin that is not installed.
    """
    core = version("nxforge-core")
    manifest = decode_manifest(
        (files("nxforge_core.builtin") / "manifest.json").read_bytes()
    )
    found = discover(distributions, clock=clock, reserved=RESERVED_IDS)
    zero = built_in(plugin_zero, manifest, core)
    return load([zero, *found], enable=enable, core_version=core, clock=clock)
