"""A plugin's raw values into the struct it declares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec
from msgspec.structs import FieldInfo, fields

from ._convert import WrongValueError, convert_value
from ._errors import Problem, SettingsError
from ._keys import nearest
from ._source import Source

__all__ = ["plugin_settings"]

S = TypeVar("S", bound=msgspec.Struct)


def plugin_settings(
    model: type[S],
    raw: Mapping[str, object],
    *,
    plugin: str,
    sources: Mapping[str, Source] = {},
) -> S:
    """Convert the operator's values of one plugin.

    Text is read leniently, since it may come from a variable: `"5"` is a number and
    `"a, b"` a list.

    Args:
        model: The struct of the plugin's `SettingsSpec`.
        raw: Values by field name.
        plugin: Id of the plugin, for the messages.
        sources: `LoadedSettings.sources`, for the messages.

    Raises:
        SettingsError: with every unknown, wrong or missing field.
    """
    known = {field.name: field for field in fields(model)}
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    for name, value in raw.items():
        key = f"plugin.{plugin}.{name}"
        source = str(sources.get(key, "settings"))
        if name not in known:
            what = "is no setting of the plugin"
            problems.append(Problem(key, source, what, nearest(name, known)))
            continue
        try:
            values[name] = convert_value(key, value, known[name].type, lenient=True)
        except WrongValueError as error:
            problems.append(Problem(key, source, error.what, error.remedy))
    problems += _missing(plugin, known, raw)
    if problems:
        raise SettingsError(problems)
    return _build(model, values, plugin)


def _missing(
    plugin: str, known: Mapping[str, FieldInfo], raw: Mapping[str, object]
) -> list[Problem]:
    remedy = f"add it to [plugin.{plugin}] of nxforge.toml"
    return [
        Problem(f"plugin.{plugin}.{name}", "settings", "is missing", remedy)
        for name, field in known.items()
        if field.required and name not in raw
    ]


def _build(model: type[S], values: Mapping[str, Any], plugin: str) -> S:
    try:
        return model(**values)
    except (TypeError, ValueError) as error:
        # The struct's own `__post_init__` has the last word.
        problem = Problem(f"plugin.{plugin}", "settings", "is refused", str(error))
        raise SettingsError([problem]) from error
