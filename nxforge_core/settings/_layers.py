"""The layers a value can come from: file, environment, command line."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import msgspec

from nxforge_core.api import InvalidInputError, parse_plugin_id

from ._errors import Problem
from ._keys import KEYS, SECTIONS, environment_name, nearest
from ._source import Source

__all__ = [
    "SYSTEM_FILE",
    "Entry",
    "Layer",
    "command_line",
    "environment",
    "settings_file",
]

#: Read where nobody names a file.
SYSTEM_FILE: Final = Path("/etc/nxforge/nxforge.toml")
_OWN: Final = frozenset({"NXFORGE_CONFIG", "NXFORGE_REQUIRE_BROWSER"})
_TESTS: Final = "NXFORGE_TEST_"
_PLUGIN: Final = "NXFORGE_PLUGIN__"
_PLUGIN_FORM: Final = f"{_PLUGIN}<ID>__<FIELD>"


class Entry(msgspec.Struct, frozen=True):
    """One raw value."""

    value: object
    source: Source


class Layer(msgspec.Struct, frozen=True):
    """The values of one layer by dotted key, and what is wrong with its keys."""

    entries: dict[str, Entry] = {}
    problems: list[Problem] = []


def settings_file(path: Path) -> Layer:
    """Read `nxforge.toml`.

    Raises:
        FileNotFoundError: there is no such file.
    """
    source = Source("file", str(path))
    try:
        tree = tomllib.loads(path.read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise FileNotFoundError(path) from None
    except tomllib.TOMLDecodeError as error:
        return _unusable(path, f"is not TOML: {error}", "correct that line")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        return _unusable(path, f"is not UTF-8 (at line {line})", "save it as UTF-8")
    except OSError as error:
        return _unusable(path, f"cannot be read: {error.strerror}", "make it readable")
    layer = Layer()
    for key, value in _flat(tree):
        _add(layer, key, Entry(value, source))
    return layer


def _unusable(path: Path, what: str, remedy: str) -> Layer:
    return Layer(problems=[Problem("settings file", str(path), what, remedy)])


def _flat(tree: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for name, value in tree.items():
        if name in {*SECTIONS, "plugin"} and isinstance(value, Mapping):
            for key, inner in value.items():
                if name == "plugin" and isinstance(inner, Mapping):
                    yield from ((f"plugin.{key}.{k}", v) for k, v in inner.items())
                else:
                    yield f"{name}.{key}", inner
        else:
            yield name, value


def environment(environ: Mapping[str, str]) -> Layer:
    """Read the variables that begin with `NXFORGE_`."""
    layer = Layer()
    names = {environment_name(key): key for key in KEYS}
    for name, value in sorted(environ.items()):
        if not name.startswith("NXFORGE_") or name in _OWN or name.startswith(_TESTS):
            continue
        entry = Entry(value, Source("environment", name))
        if name.startswith(_PLUGIN):
            _add_plugin_variable(layer, name, entry)
        elif name in names:
            layer.entries[names[name]] = entry
        else:
            remedy = nearest(name, [*names, _PLUGIN_FORM])
            layer.problems.append(Problem(name, "environment", "is no setting", remedy))
    return layer


def _add_plugin_variable(layer: Layer, name: str, entry: Entry) -> None:
    plugin, separator, field = name.removeprefix(_PLUGIN).partition("__")
    key = f"plugin.{plugin.lower().replace('_', '-')}.{field.lower()}"
    if not separator or not field:
        problem = Problem(name, "environment", "is no setting", f"use {_PLUGIN_FORM}")
        layer.problems.append(problem)
    else:
        _add(layer, key, entry)


def command_line(overrides: Mapping[str, object]) -> Layer:
    """Read options by dotted key; None means that the option was not given."""
    layer = Layer()
    for key, value in overrides.items():
        if value is not None:
            _add(layer, key, Entry(value, Source("command line")))
    return layer


def _add(layer: Layer, key: str, entry: Entry) -> None:
    wrong = None if key in KEYS else _objection(key)
    if wrong is None:
        layer.entries[key] = entry
    else:
        layer.problems.append(Problem(key, str(entry.source), *wrong))


def _objection(key: str) -> tuple[str, str] | None:
    """What is wrong with a key that is not of the host's own: words and remedy."""
    head, _, rest = key.partition(".")
    plugin, _, field = rest.partition(".")
    if key in SECTIONS or (head == "plugin" and not field):
        table = key if key in SECTIONS else "plugin.<id>"
        return "is a section", f"write a table [{table}]"
    if head != "plugin":
        return "is no setting", nearest(key, [*KEYS, *SECTIONS])
    try:
        parse_plugin_id(plugin)
    except InvalidInputError as error:
        return f"names {plugin!r}, which is no plugin id", error.remedy
    return None
