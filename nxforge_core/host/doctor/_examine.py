"""All checks, the worst findings first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from nxforge_core.api import Clock
from nxforge_core.host._core import open_core
from nxforge_core.host.lifecycle import read_wishes
from nxforge_core.plugins import Candidate, Problem
from nxforge_core.settings import LoadedSettings

from ._files import weak_files
from ._finding import Finding, Level
from ._plugins import weak_plugins
from ._settings import weak_settings
from ._stored import weak_rows

__all__ = ["examine"]

_ORDER: Final[tuple[Level, ...]] = ("high", "medium", "low")


async def examine(
    loaded: LoadedSettings, installed: Iterable[Candidate | Problem], clock: Clock
) -> list[Finding]:
    """What this installation would be safer without.

    Args:
        loaded: Its settings, and where they came from.
        installed: The plugins that are there, enabled or not.
        clock: Decides what has expired.

    Raises:
        NxForgeError: the database cannot be asked.
    """
    found = [*weak_settings(loaded), *weak_files(loaded)]
    async with open_core(loaded.settings) as core:
        found += [each async for each in weak_rows(core.database, clock)]
        named = loaded.settings.plugins.enable
        wishes = await read_wishes(core.database, named)
    found += weak_plugins(installed, wishes.wanted)
    return sorted(found, key=lambda each: _ORDER.index(each.level))
