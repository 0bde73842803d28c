"""How much room the installation takes in its database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nxforge_core.api import Database, load_sql
from nxforge_core.builtin import Stored

__all__ = ["measure"]

_SQL: Final = load_sql("nxforge_core.host")
_CORNER: Final = "nxp_"


async def measure(database: Database) -> Sequence[Stored]:
    """What is stored, the largest first."""
    found = [
        Stored(
            what="plugin" if row["what"].startswith(_CORNER) else row["what"],
            plugin=_plugin(row["what"]),
            size=row["bytes"],
            oldest=row["oldest"],
        )
        for row in await database.fetch(_SQL.storage)
    ]
    return sorted(found, key=lambda each: -each.size)


def _plugin(what: str) -> str | None:
    """The id that a corner's schema is named after."""
    if not what.startswith(_CORNER):
        return None
    return what.removeprefix(_CORNER).replace("_", "-")
