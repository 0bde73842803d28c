"""A place on the page that may be the one, before it is tried."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from nxforge_consumption_monitor.extract import Step

__all__ = ["How", "Proposal"]

#: By what the place is known, the most robust first.
How = Literal[
    "key",
    "label",
    "column",
    "sum",
    "id",
    "class",
    "index",
    "position",
    "pattern",
]


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """Steps that may lead to the number.

    Attributes:
        how: By what the place is known.
        text: What stands there.
        hint: Key or label, which may say what is measured and in which unit.
        unit: What stands in the place of a unit, outside of the text.
    """

    how: How
    steps: Sequence[Step]
    text: str
    hint: str = ""
    unit: str = ""
