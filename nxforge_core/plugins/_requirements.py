"""Whether a plugin fits this host and finds the plugins it requires."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from packaging.specifiers import SpecifierSet

from nxforge_core.api import PluginId

from ._candidate import Candidate
from ._errors import CoreRangeError, RequirementError
from ._manifest import MANIFEST, manifest_place
from ._nearest import suggest
from ._origin import NOWHERE, Place
from ._plugin import ACTIVE, Plugin

__all__ = ["check_core", "circle", "requires", "unmet"]


def check_core(plugin: Candidate, core_version: str) -> None:
    """Compare the plugin's range with the version of the host.

    Raises:
        CoreRangeError: the version lies outside.
    """
    if not _holds(plugin.manifest.core, core_version):
        place = manifest_place(plugin.manifest_file, "core")
        raise CoreRangeError(plugin.manifest.core, core_version, place)


def requires(plugin: Plugin) -> Mapping[str, str]:
    """What the plugin requires: ids with ranges of versions."""
    return plugin.manifest.requires if plugin.manifest else {}


def unmet(plugin: Plugin, others: Mapping[PluginId, Plugin]) -> RequirementError | None:
    """The first requirement, by id, that the others do not meet now."""
    for required, wanted in sorted(requires(plugin).items()):
        if judged := _judged(required, wanted, others):
            why, remedy = judged
            place = _place(plugin.folder)
            return RequirementError(required, why, remedy=remedy, place=place)
    return None


def circle(plugin: Plugin, ids: tuple[str, ...]) -> RequirementError:
    """The error of a plugin inside a circle of requirements.

    Args:
        plugin: One of them.
        ids: All of them in order, the first again at the end.
    """
    return RequirementError(
        ids[ids.index(plugin.id) + 1],
        f"and the requirements go in a circle: {' -> '.join(ids)}",
        remedy="take one of them out of 'requires' in its manifest.json",
        place=_place(plugin.folder),
    )


def _judged(
    required: str, wanted: str, others: Mapping[PluginId, Plugin]
) -> tuple[str, str] | None:
    other = others.get(PluginId(required))
    if other is None:
        remedy = suggest(required, others, otherwise="install it with pip")
        return "which is not installed", remedy
    if other.state == "disabled":
        return "which is not enabled", f"add {required!r} to 'plugins.enable' too"
    if other.state not in ACTIVE:
        why = f": {other.problem.message}" if other.problem else ""
        return f"which is {other.state}{why}", f"mend {required!r} first"
    if not _holds(wanted, other.version):
        why = f"version {wanted}, and installed is {other.version}"
        return why, f"install a version of {other.distribution} in that range"
    return None


def _holds(wanted: str, version: str) -> bool:
    # Somebody who installed a pre-release meant it.
    return SpecifierSet(wanted).contains(version, prereleases=True)


def _place(folder: Path | None) -> Place:
    return manifest_place(folder / MANIFEST, "requires") if folder else NOWHERE
