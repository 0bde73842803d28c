"""Sealed values, wherever they are stored: counted, and sealed with the newest key.

Plugins need not say where they keep them: the form of a sealed value is found in any
column that can hold text, inside a JSON document too. What only looks like one does not
open, and stays as it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

import asyncpg
import msgspec

from nxforge_core.api import Secrets, load_sql
from nxforge_core.security._errors import SecretError
from nxforge_core.security._keyring import KeyRing

__all__ = ["Tally", "count_sealed", "seal_anew"]

_SQL: Final = load_sql(__package__)
#: Seconds that looking through one table, or replacing one text, may take.
_LONG: Final = 3600.0
_SEALED: Final = re.compile(r"nx1:([0-9a-f]{8}):[A-Za-z0-9_-]{80,}={0,2}")


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """How many values of one place have one key.

    Attributes:
        plugin: Whose they are.
        place: Schema, table and column.
        opens: They can be opened; else the key is missing, or they are something else.
    """

    plugin: str
    place: str
    key_id: str
    opens: bool
    count: int


class _Place(msgspec.Struct, frozen=True):
    plugin: str
    name: str
    look: str
    replace: str


async def count_sealed(connection: asyncpg.Connection, ring: KeyRing) -> list[Tally]:
    """Look through everything."""
    counts: Counter[tuple[str, str, str, bool]] = Counter()
    for place in await _places(connection):
        box = ring.for_plugin(place.plugin)
        for text in await _texts(connection, place):
            for match in _SEALED.finditer(text):
                opens = _opened(box, match[0]) is not None
                counts[place.plugin, place.name, match[1], opens] += 1
    return [
        Tally(plugin=plugin, place=name, key_id=key, opens=opens, count=count)
        for (plugin, name, key, opens), count in sorted(counts.items())
    ]


async def seal_anew(connection: asyncpg.Connection, ring: KeyRing) -> int:
    """Seal with the newest key what an older one sealed; answers how many texts.

    Each is replaced on its own if it still is what it was: a kill leaves every value
    whole, and a value that somebody changes meanwhile stays theirs.
    """
    done = 0
    for place in await _places(connection):
        box = ring.for_plugin(place.plugin)
        for text in await _texts(connection, place):
            new = _anew(text, box, ring.key_ids[0])
            if new != text:
                tag = await connection.execute(place.replace, text, new, timeout=_LONG)
                done += not tag.endswith(" 0")
    return done


def _anew(text: str, box: Secrets, newest: str) -> str:
    def sealed(match: re.Match[str]) -> str:
        if match[1] == newest or (opened := _opened(box, match[0])) is None:
            return match[0]
        return box.seal(opened)

    return _SEALED.sub(sealed, text)


def _opened(box: Secrets, sealed: str) -> str | None:
    try:
        return box.open(sealed)
    except SecretError:
        return None


async def _places(connection: asyncpg.Connection) -> list[_Place]:
    rows = await connection.fetch(_SQL.sealed_places)
    return [msgspec.convert(dict(row), _Place) for row in rows]


async def _texts(connection: asyncpg.Connection, place: _Place) -> Sequence[str]:
    return [row[0] for row in await connection.fetch(place.look, timeout=_LONG)]
