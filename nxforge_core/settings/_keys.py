"""Every key there is, read from the structs, so no list has to be kept in step."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any, Final

import msgspec
from msgspec.structs import fields

from ._model import Settings

__all__ = ["KEYS", "SECTIONS", "environment_name", "nearest"]


def _section_types() -> dict[str, type[msgspec.Struct]]:
    return {
        field.name: field.type
        for field in fields(Settings)
        if isinstance(field.type, type) and issubclass(field.type, msgspec.Struct)
    }


def _key_types() -> dict[str, Any]:
    found = {f.name: f.type for f in fields(Settings) if f.name == "data_dir"}
    for section, struct in SECTIONS.items():
        found |= {f"{section}.{field.name}": field.type for field in fields(struct)}
    return found


#: Section names with their structs.
SECTIONS: Final = _section_types()
#: Dotted keys with their types; a plugin's values (`plugin.<id>.<field>`) apart.
KEYS: Final = _key_types()


def environment_name(key: str) -> str:
    """The variable of a key: `server.port` is `NXFORGE_SERVER_PORT`."""
    return f"NXFORGE_{key.replace('.', '_').upper()}"


def nearest(name: str, known: Iterable[str]) -> str:
    """A remedy that names the closest right spelling, or all of them."""
    choices = sorted(known)
    close = difflib.get_close_matches(name, choices, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]!r}?"
    return f"known are {', '.join(choices) or 'none'}"
