"""Tells how plugins are in this process."""

from __future__ import annotations

import asyncio
import os
import socket
from typing import Final

from nxforge_core.api import Events
from nxforge_core.plugins import BUILT_IN, Inventory, Plugin, PluginState

__all__ = ["tell_modules"]

_TOLD: Final[frozenset[PluginState]] = frozenset({"running", "degraded", "quarantined"})


async def tell_modules(inventory: Inventory, events: Events) -> None:
    """Publish each plugin's state now, and every change of it until cancelled."""
    changed: asyncio.Queue[Plugin] = asyncio.Queue()
    inventory.follow(changed.put_nowait)
    for plugin in inventory:
        changed.put_nowait(plugin)
    process = f"{socket.gethostname()}:{os.getpid()}"
    while True:
        plugin = await changed.get()
        if plugin.state in _TOLD and plugin.id != BUILT_IN:
            await events.publish(f"module.{plugin.state}", _facts(plugin, process))


def _facts(plugin: Plugin, process: str) -> dict[str, object]:
    problem = plugin.problem
    return {
        "id": plugin.id,
        "version": plugin.version,
        "state": plugin.state,
        "process": process,
        "phase": problem.phase if problem else None,
        "message": problem.message[:1000] if problem else None,
        "remedy": problem.remedy[:1000] if problem else None,
    }
