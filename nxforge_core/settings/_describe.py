"""Every setting with its value and source, fit to be shown to people."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import msgspec

from ._keys import KEYS
from ._load import LoadedSettings
from ._mask import masked

__all__ = ["SettingLine", "describe"]


class SettingLine(NamedTuple):
    """One setting: dotted key, value as it would stand in the file, source."""

    key: str
    value: str
    source: str


def describe(loaded: LoadedSettings) -> list[SettingLine]:
    """All settings, sorted by key; secrets are masked, an unset value is `not set`."""
    return [
        SettingLine(key, _shown(key, _value(loaded, key)), str(source))
        for key, source in sorted(loaded.sources.items())
    ]


def _value(loaded: LoadedSettings, key: str) -> object:
    if key not in KEYS:
        _, plugin, field = key.split(".", 2)
        return loaded.settings.plugin[plugin][field]
    found: object = loaded.settings
    for part in key.split("."):
        found = getattr(found, part)
    return found


def _shown(key: str, value: object) -> str:
    if value is None:
        return "not set"
    visible = str(value) if isinstance(value, Path) else masked(key, value)
    return msgspec.json.encode(visible).decode()
