"""One thing in full."""

from __future__ import annotations

import msgspec

from nxforge_core.api._words import load_texts

from ._part import Filled, Source
from ._table import ColumnKind

__all__ = ["Detail", "Fact"]

say = load_texts("nxforge_core")


class Fact(msgspec.Struct, frozen=True):
    """One fact about it; `value` is as in a column of the table of this kind."""

    label: str
    value: object
    kind: ColumnKind = "text"
    unit: str = ""
    places: int | None = None
    help: str = ""


class Detail(Filled, frozen=True, tag="detail"):
    """Facts below each other. The source answers a list of `Fact`, or a mapping."""

    title: str
    source: Source
    empty: str = say("Nothing is known of it.")
