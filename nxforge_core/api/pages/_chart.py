"""Series over time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec

from nxforge_core.api._words import load_texts

from ._part import Filled, Level, Source

__all__ = ["Chart", "ChartKind", "Limit", "Line", "Mark", "Series"]

say = load_texts("nxforge_core")

#: How a chart draws its lines.
ChartKind = Literal["line", "area", "step", "bar", "stacked", "heat"]


class Line(msgspec.Struct, frozen=True):
    """One line, row of bars or strip.

    Attributes:
        at: Instants, ascending; of a bar, where it begins.
        values: As many; None is a gap, and never drawn as zero.
        unit: Where it differs from the chart's.
        low: With `high` a band around the values, as many of each.
        kind: Where it differs from the chart's.
    """

    label: str
    at: Sequence[datetime]
    values: Sequence[object]
    unit: str = ""
    low: Sequence[object] = ()
    high: Sequence[object] = ()
    kind: Literal["line", "area", "step"] | None = None


class Mark(msgspec.Struct, frozen=True):
    """An instant worth a line of its own: a failed run, a new tariff."""

    at: datetime
    text: str
    level: Level = "info"


class Series(msgspec.Struct, frozen=True):
    """A chart's content.

    Attributes:
        note: What the reader should know of the data: `means of 15 minutes`.
    """

    lines: Sequence[Line]
    marks: Sequence[Mark] = ()
    note: str = ""


class Limit(msgspec.Struct, frozen=True):
    """A value drawn across the chart: `Limit(11.5, "breaker")`."""

    value: float
    label: str
    level: Level = "bad"


class Chart(Filled, frozen=True, tag="chart"):
    """Series over time. The source answers `Series`, usually for its `window`.

    Attributes:
        kind: How lines are drawn: `stacked` needs the same instants in all of them,
            `heat` draws one strip of colours for each.
        zero: The scale begins at 0; always so for `bar` and `stacked`.
        axis: `day`: the hours of any day, in UTC from 1970-01-01 on, as clocks on the
            wall show them; it is not zoomed with the page's other charts.
        height: Room on the screen.
        empty: What stands there while there is nothing to draw.
    """

    title: str
    source: Source
    unit: str = ""
    kind: ChartKind = "line"
    limits: Sequence[Limit] = ()
    zero: bool = False
    axis: Literal["time", "day"] = "time"
    height: Literal["small", "medium", "large"] = "medium"
    empty: str = say("No data in this span of time.")
