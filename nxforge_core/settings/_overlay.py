"""What is stored of a plugin's settings, below what file and environment say."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from ._loaded import LoadedSettings
from ._source import DATABASE

__all__ = ["overlay"]


def overlay(
    loaded: LoadedSettings, plugin: str, stored: Mapping[str, object]
) -> LoadedSettings:
    """The settings with stored values of one plugin where nothing else names any."""
    given = loaded.settings.plugin.get(plugin, {})
    added = {name: value for name, value in stored.items() if name not in given}
    if not added:
        return loaded
    plugins = {**loaded.settings.plugin, plugin: {**added, **given}}
    sources = {f"plugin.{plugin}.{name}": DATABASE for name in added}
    return LoadedSettings(
        msgspec.structs.replace(loaded.settings, plugin=plugins),
        {**loaded.sources, **sources},
        loaded.file,
        loaded.again,
    )
