"""Every setting with its value and source, fit to be shown to people."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import msgspec

from ._loaded import LoadedSettings, value_of
from ._mask import masked

__all__ = ["NOT_SET", "SettingLine", "describe", "shown"]

NOT_SET = "not set"


class SettingLine(NamedTuple):
    """One setting: dotted key, value as it would stand in the file, source."""

    key: str
    value: str
    source: str


def describe(loaded: LoadedSettings) -> list[SettingLine]:
    """All settings, sorted by key; secrets are masked, an unset value is `not set`."""
    return [
        SettingLine(key, shown(key, value_of(loaded.settings, key)), str(source))
        for key, source in sorted(loaded.sources.items())
    ]


def shown(key: str, value: object) -> str:
    """A value as JSON, its secrets masked."""
    if value is None:
        return NOT_SET
    visible = str(value) if isinstance(value, Path) else masked(key, value)
    return msgspec.json.encode(visible).decode()
