"""The host's settings: typed, frozen, and each value knows where it came from."""

from __future__ import annotations

from ._describe import SettingLine, describe
from ._errors import Problem, SettingsError
from ._layers import SYSTEM_FILE
from ._load import LoadedSettings, load_settings
from ._mask import MASK, is_secret_name, mask_database_url
from ._model import (
    BrowserSettings,
    DatabaseSettings,
    JobSettings,
    LogSettings,
    NetworkSettings,
    PeopleSettings,
    PluginSettings,
    SecretSettings,
    ServerSettings,
    Settings,
    UiSettings,
)
from ._plugin import plugin_settings
from ._source import DEFAULT, Source

__all__ = [
    "DEFAULT",
    "MASK",
    "SYSTEM_FILE",
    "BrowserSettings",
    "DatabaseSettings",
    "JobSettings",
    "LoadedSettings",
    "LogSettings",
    "NetworkSettings",
    "PeopleSettings",
    "PluginSettings",
    "Problem",
    "SecretSettings",
    "ServerSettings",
    "SettingLine",
    "Settings",
    "SettingsError",
    "Source",
    "UiSettings",
    "describe",
    "is_secret_name",
    "load_settings",
    "mask_database_url",
    "plugin_settings",
]
