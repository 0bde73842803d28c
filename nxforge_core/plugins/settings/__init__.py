"""Settings of plugins that admins change while the host runs."""

from __future__ import annotations

from ._book import SettingsBook
from ._errors import (
    NoSettingsError,
    SettingFixedError,
    SettingRefusedError,
    UpgradeFailedError,
)
from ._resolve import NO_SETTINGS, Told, to_json
from ._schema import settings_schema

__all__ = [
    "NO_SETTINGS",
    "NoSettingsError",
    "SettingFixedError",
    "SettingRefusedError",
    "SettingsBook",
    "Told",
    "UpgradeFailedError",
    "settings_schema",
    "to_json",
]
