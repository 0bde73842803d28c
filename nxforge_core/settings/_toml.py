"""The settings as a file that another host can be started with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from pathlib import Path
from re import fullmatch
from typing import Any

import msgspec

from ._keys import KEYS
from ._loaded import LoadedSettings, value_of
from ._mask import masked

__all__ = ["to_toml"]

_HEAD = (
    "# Settings of a host, without secrets and without what is as it comes.",
    "# Lines that end in ': secret' have to be filled in.",
)


def to_toml(loaded: LoadedSettings) -> str:
    """What differs from the defaults, as TOML; no secret is in it."""
    sections: dict[str, list[str]] = {}
    for key, source in loaded.sources.items():
        value = value_of(loaded.settings, key)
        if source.kind != "default" and value is not None:
            section, _, name = key.rpartition(".")
            sections.setdefault(section, []).append(_line(key, name, value))
    return "\n".join([*_HEAD, *_lines(sections)]) + "\n"


def _lines(sections: Mapping[str, list[str]]) -> Iterator[str]:
    # What belongs to no table has to come before the first one.
    yield from sections.get("", ())
    order = list(dict.fromkeys(key.rpartition(".")[0] for key in KEYS))
    known = [each for each in order if each in sections and each]
    for section in (*known, *sorted(sections.keys() - {*known, ""})):
        yield f"\n[{section}]"
        yield from sections[section]


def _line(key: str, name: str, value: object) -> str:
    plain = str(value) if isinstance(value, Path) else value
    if masked(key, plain) != _listed(plain):
        return f"# {_name(name)} = ...: secret"
    return f"{_name(name)} = {_toml(plain)}"


def _listed(value: object) -> object:
    """As masking answers it: a tuple that holds something becomes a list."""
    return list(value) if isinstance(value, tuple) and value else value


def _toml(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case datetime() | date() | time():
            return value.isoformat()
        case dict():
            pairs = (f"{_name(name)} = {_toml(inner)}" for name, inner in value.items())
            return f"{{ {', '.join(pairs)} }}" if value else "{}"
        case list() | tuple():
            return f"[{', '.join(map(_toml, value))}]"
        case _:
            # A JSON text is a TOML one but for this control character.
            return msgspec.json.encode(value).decode().replace("\x7f", "\\u007f")


def _name(name: str) -> str:
    if fullmatch(r"[A-Za-z0-9_-]+", name):
        return name
    return _toml(name)
