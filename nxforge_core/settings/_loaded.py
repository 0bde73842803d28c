"""The settings with where each value came from, as the host is handed them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self

import msgspec
from msgspec.structs import fields

from ._keys import KEYS, SECTIONS
from ._model import Settings
from ._source import DEFAULT, PROGRAM, Source

__all__ = ["LoadedSettings", "value_of"]


class LoadedSettings(msgspec.Struct, frozen=True, eq=False):
    """The settings and where each value came from.

    Attributes:
        sources: By dotted key, such as `server.port` and `plugin.my-plugin.zone`.
        file: The settings file that was read, or None.
        again: Reads all layers once more, as the next start will; None where nobody
            read any. It raises `SettingsError`, and it looks at files.
    """

    settings: Settings
    sources: Mapping[str, Source]
    file: Path | None = None
    again: Callable[[], LoadedSettings] | None = None

    def __eq__(self, other: object) -> bool:
        # How to read them once more makes no difference.
        if not isinstance(other, LoadedSettings):
            return NotImplemented
        mine = self.settings, self.sources, self.file
        return mine == (other.settings, other.sources, other.file)

    __hash__ = None  # type: ignore[assignment]  # mappings are in it

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Settings that a program made: what is no default is its own word."""
        given = {
            key: PROGRAM if _differs(settings, key) else DEFAULT
            for key in KEYS
            if key != "data_dir"
        }
        plugins = {
            f"plugin.{plugin}.{name}": PROGRAM
            for plugin, values in settings.plugin.items()
            for name in values
        }
        return cls(settings, {"data_dir": PROGRAM, **given, **plugins})


def value_of(settings: Settings, key: str) -> object:
    """The value of a dotted key."""
    if key not in KEYS:
        _, plugin, field = key.split(".", 2)
        return settings.plugin[plugin][field]
    found: object = settings
    for part in key.split("."):
        found = getattr(found, part)
    return found


def _differs(settings: Settings, key: str) -> bool:
    section, _, name = key.partition(".")
    defaults = {field.name: field for field in fields(SECTIONS[section])}
    given, default = value_of(settings, key), defaults[name]
    if default.default_factory is not msgspec.NODEFAULT:
        return bool(given != default.default_factory())
    return bool(given != default.default)
