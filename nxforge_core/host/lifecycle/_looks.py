"""What a look at the installed plugins says of those that are known."""

from __future__ import annotations

from collections.abc import Sequence

from nxforge_core.api import PluginId
from nxforge_core.plugins import Inventory, Plugin, Survey

__all__ = ["gone", "is_other"]


def gone(inventory: Inventory, found: Survey) -> Sequence[PluginId]:
    """Plugins of which nothing is here any more."""
    here = {record.id for record in found.records}
    return [each.id for each in inventory if each.id not in here]


def is_other(record: Plugin, plugin: Plugin) -> bool:
    """Whether another version was refused, which is no matter of the one at work."""
    others = {"", plugin.version}
    return record.state == "quarantined" and record.version not in others
