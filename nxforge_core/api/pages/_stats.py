"""Figures: the few numbers that matter most."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ._part import Filled, Level, Source
from ._values import Link

__all__ = ["Figure", "Stats"]


class Figure(msgspec.Struct, frozen=True):
    """One figure.

    Attributes:
        value: A number, which the host formats, or text; None is unknown.
        hint: A few words below it: `4 % less than yesterday`.
        places: Decimal places of a number; by default as many as it has, three at most.
        level: Colours it; `unknown` leaves it as it is.
        trend: Recent values, drawn as a small line; None is a gap.
        link: Where more is to be seen.
    """

    label: str
    value: object
    unit: str = ""
    hint: str = ""
    places: int | None = None
    level: Level = "unknown"
    trend: Sequence[float | None] = ()
    link: Link | None = None


class Stats(Filled, frozen=True, tag="stats"):
    """A row of tiles. The source answers a list of `Figure`."""

    title: str
    source: Source
