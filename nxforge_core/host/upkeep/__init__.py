"""Plugins planned, upgraded, exported, removed and restored."""

from __future__ import annotations

from ._back import roll_back
from ._desk import UpkeepDesk
from ._errors import (
    ExportError,
    NamedInSettingsError,
    NoMigrationsError,
    NotRemovedError,
    StillEnabledError,
    UnusablePluginError,
    WheelError,
)
from ._planning import Planner
from ._removal import Remover
from ._restoring import restore_plugin
from ._steps import migration_steps, migrations_of
from ._upgrading import Upgrader
from ._wheel import opened_wheel

__all__ = [
    "ExportError",
    "NamedInSettingsError",
    "NoMigrationsError",
    "NotRemovedError",
    "Planner",
    "Remover",
    "StillEnabledError",
    "UnusablePluginError",
    "Upgrader",
    "UpkeepDesk",
    "WheelError",
    "migration_steps",
    "migrations_of",
    "opened_wheel",
    "restore_plugin",
    "roll_back",
]
