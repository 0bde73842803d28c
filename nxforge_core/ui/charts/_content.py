"""A chart's content as columns of numbers, checked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Final

import msgspec

from nxforge_core.api.pages import Chart, Line, Series, Window
from nxforge_core.ui._tree import plain
from nxforge_core.ui._words import finite

__all__ = [
    "BadSeriesError",
    "ChartData",
    "LineData",
    "MarkData",
    "chart_data",
    "from_zero",
]

#: Of all lines together: what a browser draws at once without a pause.
_MOST: Final = 600_000


class BadSeriesError(ValueError):
    """A source answers columns that do not fit each other."""

    def __init__(self, line: str, why: str) -> None:
        super().__init__(f"line {line!r}: {why}")


class LineData(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line; milliseconds since 1970, and None where there is a gap."""

    label: str
    x: list[int]
    y: list[float | None]
    unit: str = ""
    low: list[float | None] = []
    high: list[float | None] = []
    kind: str = ""


class MarkData(msgspec.Struct, frozen=True):
    """An instant with a line of its own."""

    x: int
    text: str
    level: str


class ChartData(msgspec.Struct, frozen=True):
    """What a chart is drawn of.

    Attributes:
        start: Of the span that is shown; with `end`, milliseconds since 1970.
    """

    lines: list[LineData]
    marks: list[MarkData]
    note: str
    start: int | None
    end: int | None


def chart_data(chart: Chart, series: object, window: Window | None) -> ChartData:
    """Check what a source answered and turn it into numbers.

    Raises:
        BadSeriesError: columns differ in length, or instants do not ascend.
        TypeError: it is no `Series`.
    """
    if not isinstance(series, Series):
        raise BadSeriesError(chart.title, f"{type(series).__name__} is not a Series")
    lines = [_line(each) for each in series.lines]
    if sum(len(each.x) for each in lines) > _MOST:
        raise BadSeriesError(chart.title, f"more than {_MOST} points")
    if chart.kind == "stacked" and any(each.x != lines[0].x for each in lines):
        raise BadSeriesError(chart.title, "stacked lines need the same instants")
    marks = [MarkData(_ms(one.at), plain(one.text), one.level) for one in series.marks]
    start, end = (window.start, window.end) if window else (None, None)
    return ChartData(
        lines,
        marks,
        plain(series.note),
        None if start is None else _ms(start),
        None if end is None else _ms(end),
    )


def from_zero(chart: Chart) -> bool:
    """Whether its values are shown from zero on."""
    return chart.zero or chart.kind in ("bar", "stacked", "area")


def _line(line: Line) -> LineData:
    x = [_ms(at) for at in line.at]
    label = plain(line.label)
    for name in ("values", "low", "high"):
        column = getattr(line, name)
        if len(column) != len(x) and (name == "values" or column):
            raise BadSeriesError(label, f"{len(x)} instants and {len(column)} {name}")
    if any(later < earlier for earlier, later in pairwise(x)):
        raise BadSeriesError(label, "the instants do not ascend")
    return LineData(
        label,
        x,
        _numbers(line.values),
        plain(line.unit),
        _numbers(line.low),
        _numbers(line.high),
        line.kind or "",
    )


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def _numbers(values: Sequence[object]) -> list[float | None]:
    return [finite(value) for value in values]
