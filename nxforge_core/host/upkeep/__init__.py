"""Plugins planned, upgraded, exported, removed and restored."""

from __future__ import annotations

from ._desk import UpkeepDesk
from ._errors import UnusablePluginError, WheelError
from ._planning import Planner
from ._upgrading import Upgrader
from ._wheel import opened_wheel

__all__ = [
    "Planner",
    "UnusablePluginError",
    "Upgrader",
    "UpkeepDesk",
    "WheelError",
    "opened_wheel",
]
