"""What a look at the installed plugins says of those that are known."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from nxforge_core.api import PluginId
from nxforge_core.plugins import Inventory, Plugin, Survey

__all__ = ["gone", "is_other", "look_patiently"]

#: Seconds between looks at something that pip is working on.
_PAUSE: Final = 0.2


async def look_patiently(
    look: Callable[[], Survey], inventory: Inventory, seconds: float
) -> Survey:
    """What is installed, off the loop; what is at work may be gone for a moment.

    Args:
        look: Finds it.
        inventory: What was known before.
        seconds: For which something may be gone.
    """
    found = await asyncio.to_thread(look)
    for _ in range(round(seconds / _PAUSE)):
        if not _lost(inventory, found):
            break
        await asyncio.sleep(_PAUSE)
        found = await asyncio.to_thread(look)
    return found


def _lost(inventory: Inventory, found: Survey) -> bool:
    here = {each.id for each in found.records if each.state != "missing"}
    return any(plugin.id not in here for plugin in inventory.active)


def gone(inventory: Inventory, found: Survey) -> Sequence[PluginId]:
    """Plugins of which nothing is here any more."""
    here = {record.id for record in found.records}
    return [each.id for each in inventory if each.id not in here]


def is_other(record: Plugin, plugin: Plugin) -> bool:
    """Whether another version was refused, which is no matter of the one at work."""
    others = {"", plugin.version}
    return record.state == "quarantined" and record.version not in others
