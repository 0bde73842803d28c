"""Joining the layers: defaults < file < environment < command line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ._convert import WrongValueError, convert_value
from ._errors import Problem, SettingsError
from ._expect import is_list
from ._keys import KEYS, SECTIONS
from ._layers import (
    SYSTEM_FILE,
    Entry,
    Layer,
    command_line,
    environment,
    settings_file,
)
from ._loaded import LoadedSettings
from ._model import Settings
from ._source import DEFAULT

__all__ = ["load_settings"]


def load_settings(
    *,
    file: Path | None = None,
    environ: Mapping[str, str],
    overrides: Mapping[str, object] = {},
    system_file: Path = SYSTEM_FILE,
) -> LoadedSettings:
    """Read all layers and judge every value.

    The file is `file`, else the one `NXFORGE_CONFIG` names, else `system_file` if it
    exists, else `nxforge.toml` in the data directory if it exists.

    Args:
        file: The file the operator named; it must exist.
        environ: Variables, usually `os.environ`.
        overrides: Values of the command line by dotted key; None is not given.
        system_file: The file of this machine.

    Raises:
        SettingsError: with all problems of all layers.
    """
    options, variables = command_line(overrides), environment(environ)
    upper = _given(variables) | _given(options)
    home = _home(environ)
    named = file or _variable_path(environ)
    path, stored = _find(named, [system_file, *_in_data_dir(upper, home)])
    entries = _relative_to(stored.entries, path) | upper
    if home is not None:
        entries.setdefault("data_dir", Entry(home, DEFAULT))
    problems = [*stored.problems, *variables.problems, *options.problems]
    values = _convert(entries, problems)
    if problems:
        raise SettingsError(problems)
    sources = dict.fromkeys(KEYS, DEFAULT) | {k: e.source for k, e in entries.items()}

    def again() -> LoadedSettings:
        return load_settings(
            file=file, environ=environ, overrides=overrides, system_file=system_file
        )

    return LoadedSettings(_build(values), sources, path, again)


def _given(layer: Layer) -> dict[str, Entry]:
    # An empty variable is one nobody filled in; only a list can mean it.
    return {
        key: entry
        for key, entry in layer.entries.items()
        if entry.value != "" or (key in KEYS and is_list(KEYS[key]))
    }


def _home(environ: Mapping[str, str]) -> Path | None:
    base = Path(environ.get("XDG_DATA_HOME", ""))
    if base.is_absolute():  # the XDG specification: a relative one is ignored
        return base / "nxforge"
    home = Path(environ.get("HOME", ""))
    return home / ".local" / "share" / "nxforge" if home.is_absolute() else None


def _variable_path(environ: Mapping[str, str]) -> Path | None:
    text = environ.get("NXFORGE_CONFIG")
    return Path(text) if text else None


def _in_data_dir(upper: Mapping[str, Entry], home: Path | None) -> list[Path]:
    folder = upper["data_dir"].value if "data_dir" in upper else home
    if not isinstance(folder, str | Path) or not Path(folder).is_absolute():
        return []
    return [Path(folder) / "nxforge.toml"]


def _find(named: Path | None, usual: list[Path]) -> tuple[Path | None, Layer]:
    for path in [named] if named else usual:
        try:
            return path, settings_file(path)
        except FileNotFoundError:
            continue
    if named is None:
        return None, Layer()
    remedy = "name a file that exists"
    problem = Problem("settings file", str(named), "does not exist", remedy)
    return None, Layer(problems=[problem])


def _relative_to(entries: Mapping[str, Entry], file: Path | None) -> dict[str, Entry]:
    """Paths in a file are meant from its folder, never from the working directory."""
    found = dict(entries)
    for key in ("data_dir", "secrets.key_file"):
        value = found[key].value if key in found else None
        if file is not None and isinstance(value, str) and value[:1] not in {"", "~"}:
            found[key] = Entry(str(file.absolute().parent / value), found[key].source)
    return found


def _convert(entries: Mapping[str, Entry], problems: list[Problem]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, entry in entries.items():
        if key not in KEYS:
            values[key] = entry.value
            continue
        lenient = entry.source.kind == "environment"
        try:
            values[key] = convert_value(key, entry.value, KEYS[key], lenient=lenient)
        except WrongValueError as error:
            source = str(entry.source)
            problems.append(Problem(key, source, error.what, error.remedy))
    if "data_dir" not in entries:
        remedy = "set NXFORGE_DATA_DIR to an absolute path"
        what = "has no value, because HOME is not set"
        problems.append(Problem("data_dir", "default", what, remedy))
    return values


def _build(values: Mapping[str, Any]) -> Settings:
    plugins: dict[str, dict[str, object]] = {}
    sections: dict[str, dict[str, object]] = {name: {} for name in SECTIONS}
    for key, value in values.items():
        head, *rest = key.split(".", 2)
        if head == "plugin":
            plugins.setdefault(rest[0], {})[rest[1]] = value
        elif rest:
            sections[head][rest[0]] = value
    built: dict[str, Any] = {n: kind(**sections[n]) for n, kind in SECTIONS.items()}
    return Settings(data_dir=values["data_dir"], plugin=plugins, **built)
