"""What pip brought, for commands that import no plugin."""

from __future__ import annotations

from importlib.metadata import version

from nxforge_core.api import CommandSpec
from nxforge_core.builtin import RESERVED_IDS
from nxforge_core.plugins import Candidate, Problem, discover, load_command_plugin
from nxforge_core.services import SystemClock

__all__ = ["find_installed", "plugin_commands", "plugin_titles"]


def find_installed() -> tuple[Candidate | Problem, ...]:
    """Every installed plugin, or what is wrong with its manifest."""
    return discover(clock=SystemClock(), reserved=RESERVED_IDS)


def plugin_titles() -> dict[str, str]:
    """Ids of installed plugins with the names their manifests give them."""
    return {
        found.id: found.manifest.display_name
        for found in find_installed()
        if isinstance(found, Candidate)
    }


def plugin_commands(plugin: str) -> tuple[CommandSpec, ...]:
    """Import one plugin, enabled or not, for its commands: naming it is consent.

    Raises:
        NxForgeError: it is not installed, or it cannot be loaded.
    """
    return load_command_plugin(
        plugin,
        find_installed(),
        core_version=version("nxforge-core"),
        clock=SystemClock(),
    )
