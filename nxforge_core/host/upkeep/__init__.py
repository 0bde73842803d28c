"""Plugins planned, upgraded, exported, removed and restored."""

from __future__ import annotations

from ._desk import UpkeepDesk
from ._errors import (
    ExportError,
    NamedInSettingsError,
    NotRemovedError,
    StillEnabledError,
    UnusablePluginError,
    WheelError,
)
from ._planning import Planner
from ._removal import Remover
from ._restoring import restore_plugin
from ._upgrading import Upgrader
from ._wheel import opened_wheel

__all__ = [
    "ExportError",
    "NamedInSettingsError",
    "NotRemovedError",
    "Planner",
    "Remover",
    "StillEnabledError",
    "UnusablePluginError",
    "Upgrader",
    "UpkeepDesk",
    "WheelError",
    "opened_wheel",
    "restore_plugin",
]
