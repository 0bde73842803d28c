"""The host's settings: typed, frozen, and each value knows where it came from."""

from __future__ import annotations

from ._attributes import attribute_words
from ._describe import SettingLine, describe
from ._errors import Problem, SettingsError
from ._expect import expectation
from ._explain import Explained, about_section, explain
from ._layers import SYSTEM_FILE
from ._load import load_settings
from ._loaded import LoadedSettings
from ._mask import MASK, is_secret_name, mask_database_url, masked
from ._model import (
    BrowserSettings,
    DatabaseSettings,
    JobSettings,
    LogSettings,
    MailSettings,
    NetworkSettings,
    PeopleSettings,
    PluginSettings,
    SecretSettings,
    ServerSettings,
    Settings,
    UiSettings,
)
from ._overlay import overlay
from ._pending import Pending, pending
from ._plugin import plugin_settings
from ._source import DATABASE, DEFAULT, Source, SourceKind
from ._toml import to_toml

__all__ = [
    "DATABASE",
    "DEFAULT",
    "MASK",
    "SYSTEM_FILE",
    "BrowserSettings",
    "DatabaseSettings",
    "Explained",
    "JobSettings",
    "LoadedSettings",
    "LogSettings",
    "MailSettings",
    "NetworkSettings",
    "Pending",
    "PeopleSettings",
    "PluginSettings",
    "Problem",
    "SecretSettings",
    "ServerSettings",
    "SettingLine",
    "Settings",
    "SettingsError",
    "Source",
    "SourceKind",
    "UiSettings",
    "about_section",
    "attribute_words",
    "describe",
    "expectation",
    "explain",
    "is_secret_name",
    "load_settings",
    "mask_database_url",
    "masked",
    "overlay",
    "pending",
    "plugin_settings",
    "to_toml",
]
