"""From stored values, the file and the environment to the plugin's struct."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec.structs import FieldInfo, fields

from nxforge_core.api import SettingsSpec
from nxforge_core.settings import (
    DEFAULT,
    LoadedSettings,
    Source,
    attribute_words,
    expectation,
    is_secret_name,
    masked,
    overlay,
    plugin_settings,
)

from ._drawer import Kept

__all__ = ["NO_SETTINGS", "Told", "layered", "resolve", "tell_settings", "to_json"]


class _NoSettings(msgspec.Struct, frozen=True):
    """Of a plugin without settings: any value given is an error."""


NO_SETTINGS: Final = SettingsSpec(_NoSettings)


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One setting of a plugin, fit to be shown.

    Attributes:
        value: As JSON has it; None for what is secret.
        given: Something says it: it is no default.
        fixed: A file, the environment or a program says it; it is changed there.
        changed_by: Who set what is stored.
    """

    name: str
    value: Any
    default: Any
    source: Source
    about: str
    expected: str
    secret: bool
    given: bool
    fixed: bool
    changed_by: str | None
    changed_at: datetime | None


def layered(
    spec: SettingsSpec, loaded: LoadedSettings, plugin: str, kept: Mapping[str, Kept]
) -> LoadedSettings:
    """All settings, with those of the stored values that the struct still has."""
    known = spec.model.__struct_fields__
    values = {name: one.value for name, one in kept.items() if name in known}
    return overlay(loaded, plugin, values)


def resolve(spec: SettingsSpec, settings: LoadedSettings, plugin: str) -> Any:
    """The plugin's struct.

    Args:
        spec: What the plugin declares.
        settings: As `layered` answers them.
        plugin: Its id.

    Raises:
        SettingsError: with every value that does not fit.
    """
    raw = settings.settings.plugin.get(plugin, {})
    return plugin_settings(spec.model, raw, plugin=plugin, sources=settings.sources)


def tell_settings(
    spec: SettingsSpec, loaded: LoadedSettings, plugin: str, kept: Mapping[str, Kept]
) -> list[Told]:
    """Every setting in the order of the struct.

    Raises:
        SettingsError: what is given does not fit.
    """
    settings = layered(spec, loaded, plugin, kept)
    values = resolve(spec, settings, plugin)
    words = attribute_words(spec.model)
    return [
        Told(
            name=field.name,
            value=_shown(field.name, getattr(values, field.name)),
            default=_shown(field.name, _default(field)),
            source=(source := _source(settings, plugin, field.name)),
            about=words.get(field.name, ""),
            expected=expectation(field.type),
            secret=is_secret_name(field.name),
            given=source.kind != "default",
            fixed=source.kind not in ("default", "database"),
            changed_by=kept[field.name].changed_by if field.name in kept else None,
            changed_at=kept[field.name].changed_at if field.name in kept else None,
        )
        for field in fields(spec.model)
    ]


def to_json(value: object) -> Any:
    """A value of a struct as JSON has it."""
    return msgspec.json.decode(msgspec.json.encode(value, enc_hook=str))


def _source(settings: LoadedSettings, plugin: str, name: str) -> Source:
    return settings.sources.get(f"plugin.{plugin}.{name}", DEFAULT)


def _shown(name: str, value: object) -> Any:
    return None if is_secret_name(name) else masked(name, to_json(value))


def _default(field: FieldInfo) -> Any:
    if field.default is not msgspec.NODEFAULT:
        return field.default
    return field.default_factory()
