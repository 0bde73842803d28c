"""A chart as a drawing: for paper, mail, reports, and browsers without JavaScript."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nxforge_core.api import load_texts
from nxforge_core.api.pages import Chart
from nxforge_core.ui._tree import Node, h
from nxforge_core.ui._words import number, with_unit

from ._content import ChartData, LineData, from_zero
from ._draw import bar_width, draw_bars, draw_heat, draw_line, draw_stack, stacked
from ._scale import Scale, nice_scale, time_ticks
from ._thin import thinned, thinned_together

__all__ = ["HEIGHTS", "draw_chart"]

say = load_texts("nxforge_core")

HEIGHTS: Final = {"small": 160, "medium": 280, "large": 420}
_WIDE: Final = 960
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 12, 26, 26
#: Room for the names of strips.
_NAMES: Final = 120
_TICK: Final = 110
#: Half of the name of an instant: nearer to the edge it would be cut.
_HALF: Final = 34
_ROW: Final = 56


def draw_chart(chart: Chart, data: ChartData) -> Node:
    """The drawing, in UTC. Its colours are classes, which a style sheet fills."""
    high = HEIGHTS[chart.height]
    lines = _fewer(chart, data.lines)
    left = _NAMES if chart.kind == "heat" else _LEFT
    x = _time_scale(chart, data, lines, left)
    y = _value_scale(chart, lines, high)
    shapes = _shapes(chart, lines, x, y)
    axes = _names(lines, y) if chart.kind == "heat" else _values(chart, y, left)
    facts = {
        "class": "nx-drawing",
        "viewBox": f"0 0 {_WIDE} {high}",
        "role": "img",
        "aria-label": _said(chart, data),
    }
    limits = [] if chart.kind == "heat" else _limits(chart, y, left)
    marks = _marks(data, x, high)
    times = _times(x, high, hours=chart.axis == "day")
    return h("svg", facts, axes, times, shapes, limits, marks)


def _fewer(chart: Chart, lines: Sequence[LineData]) -> list[LineData]:
    if chart.kind == "stacked":
        return thinned_together(lines, _WIDE)
    return [thinned(line, _WIDE) for line in lines]


def _shapes(chart: Chart, lines: Sequence[LineData], x: Scale, y: Scale) -> list[Node]:
    if chart.kind == "bar":
        return draw_bars(lines, x, y)
    if chart.kind == "stacked":
        return draw_stack(lines, x, y)
    if chart.kind == "heat":
        return draw_heat(lines, x, y)
    found = enumerate(lines)
    return [s for n, line in found for s in draw_line(line, n, chart.kind, x, y)]


def _time_scale(
    chart: Chart, data: ChartData, lines: Sequence[LineData], left: int
) -> Scale:
    times = [at for line in lines for at in (line.x[:1] + line.x[-1:])]
    low = data.start if data.start is not None else min(times, default=0)
    high = data.end if data.end is not None else max(times, default=1)
    if chart.kind in ("bar", "heat") and times:
        low, high = min(low, *times), max(high, max(times) + int(bar_width(lines)))
    return Scale(low, max(high, low + 1), left, _WIDE - _RIGHT)


def _value_scale(chart: Chart, lines: Sequence[LineData], high: int) -> Scale:
    columns: list[Sequence[float | None]] = []
    if chart.kind == "stacked":
        columns = [top for _, top in stacked(lines)]
    else:
        columns = [column for line in lines for column in (line.y, line.low, line.high)]
    values = [value for column in columns for value in column if value is not None]
    top = max(values, default=0.0)
    values += [one.value for one in chart.limits if top < one.value < top * 1.25]
    zero, count = from_zero(chart), high // _ROW
    return nice_scale(values, high - _BOTTOM, _TOP, zero=zero, count=count)


def _values(chart: Chart, y: Scale, left: int) -> list[Node]:
    found: list[Node] = []
    for value in y.ticks():
        at = f"{y.at(value):.1f}"
        line = {"class": "grid", "x1": left, "x2": _WIDE - _RIGHT, "y1": at, "y2": at}
        text = {"class": "end", "x": left - 8, "y": at, "dy": "0.32em"}
        found += [h("line", line), h("text", text, number(value))]
    unit = h("text", {"x": 4, "y": 12}, chart.unit)
    return [*found, unit] if chart.unit else found


def _names(lines: Sequence[LineData], y: Scale) -> list[Node]:
    high = (y.from_ - y.to) / max(len(lines), 1)
    return [
        h(
            "text",
            {
                "class": "end",
                "x": _NAMES - 8,
                "y": f"{y.to + (place + 0.5) * high:.1f}",
                "dy": "0.32em",
            },
            line.label[:18],
        )
        for place, line in enumerate(lines)
    ]


def _times(x: Scale, high: int, *, hours: bool) -> list[Node]:
    base = high - _BOTTOM
    ends = {"x1": x.from_, "x2": x.to, "y1": base, "y2": base}
    found = [h("line", {"class": "axis", **ends})]
    count = int((x.to - x.from_) // _TICK)
    for at, name in time_ticks(int(x.low), int(x.high), count, hours=hours):
        place, last = x.at(at), x.at(at) > _WIDE - _HALF
        facts = {
            "class": "end" if last else "middle",
            "x": f"{_WIDE if last else place:.1f}",
            "y": base + 17,
        }
        found.append(h("text", facts, name))
    return found


def _limits(chart: Chart, y: Scale, left: int) -> list[Node]:
    found: list[Node] = []
    for one in chart.limits:
        if not y.low <= one.value <= y.high:
            continue
        at = f"{y.at(one.value):.1f}"
        line = {"x1": left, "x2": _WIDE - _RIGHT, "y1": at, "y2": at}
        text = {"class": "end limit", "x": _WIDE - _RIGHT - 4, "y": at, "dy": "-0.4em"}
        words = f"{one.label} {with_unit(number(one.value), chart.unit)}"
        found += [
            h("line", {"class": f"limit l-{one.level}", **line}),
            h("text", text, words),
        ]
    return found


def _marks(data: ChartData, x: Scale, high: int) -> list[Node]:
    return [
        h(
            "line",
            {
                "class": f"mark l-{one.level}",
                "x1": f"{x.at(one.x):.1f}",
                "x2": f"{x.at(one.x):.1f}",
                "y1": _TOP,
                "y2": high - _BOTTOM,
            },
            h("title", None, one.text),
        )
        for one in data.marks
        if x.low <= one.x <= x.high
    ]


def _said(chart: Chart, data: ChartData) -> str:
    """The drawing in words."""
    words = [str(chart.title)]
    for line in data.lines:
        known = [value for value in line.y if value is not None]
        unit = line.unit or chart.unit
        if known:
            low, high = number(min(known)), number(max(known))
            high = with_unit(high, unit)
            text = say("{line}: {low} to {high}")
            words.append(text.format(line=line.label, low=low, high=high))
        else:
            words.append(say("{line}: no data").format(line=line.label))
    return "; ".join(words)
