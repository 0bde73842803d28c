"""Lines, areas, bars and strips as shapes of a drawing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nxforge_core.ui._tree import Node, h

from ._content import LineData
from ._scale import Scale

__all__ = ["bar_width", "draw_bars", "draw_heat", "draw_line", "draw_stack", "stacked"]

Point = tuple[float, float]

_HUES: Final = 8
#: Share of a bar's room that it fills.
_FILL: Final = 0.82
_LEVELS: Final = 5


def draw_line(line: LineData, place: int, kind: str, x: Scale, y: Scale) -> list[Node]:
    """A line; each gap ends it and begins another one."""
    hue = place % _HUES + 1
    shapes: list[Node] = []
    if line.low and line.high:
        shapes += [
            h("path", {"class": f"band s{hue}", "d": _closed(upper, lower)})
            for upper, lower in _bands(line, x, y)
        ]
    runs = _runs(line, x, y, line.kind or kind)
    if (line.kind or kind) == "area":
        base = y.at(max(y.low, 0.0))
        shapes += [
            h("path", {"class": f"area s{hue}", "d": _closed(run, _ground(run, base))})
            for run in runs
        ]
    drawn = " ".join(_path(run) for run in runs)
    return [*shapes, h("path", {"class": f"line s{hue}", "d": drawn})]


def draw_bars(lines: Sequence[LineData], x: Scale, y: Scale) -> list[Node]:
    """Bars beside each other; what is unknown has none."""
    room = bar_width(lines) / (x.high - x.low) * (x.to - x.from_)
    width, base = room * _FILL / max(len(lines), 1), y.at(0.0)
    return [
        h(
            "rect",
            {
                "class": f"bar s{place % _HUES + 1}",
                "x": _short(x.at(at) + room * (1 - _FILL) / 2 + place * width),
                "y": _short(min(y.at(value), base)),
                "width": _short(max(width - 1, 0.5)),
                "height": _short(abs(base - y.at(value))),
            },
        )
        for place, line in enumerate(lines)
        for at, value in zip(line.x, line.y, strict=True)
        if value is not None
    ]


def draw_stack(lines: Sequence[LineData], x: Scale, y: Scale) -> list[Node]:
    """Areas on top of each other."""
    shapes: list[Node] = []
    for place, (ground, top) in enumerate(stacked(lines)):
        for run in _known(top):
            upper = [(x.at(lines[0].x[i]), y.at(top[i] or 0.0)) for i in run]
            lower = [(x.at(lines[0].x[i]), y.at(ground[i])) for i in reversed(run)]
            hue = place % _HUES + 1
            shapes.append(
                h("path", {"class": f"stack s{hue}", "d": _closed(upper, lower)})
            )
    return shapes


def draw_heat(lines: Sequence[LineData], x: Scale, y: Scale) -> list[Node]:
    """One strip of cells for each line, deeper where there is more."""
    room = bar_width(lines)
    high = (y.from_ - y.to) / max(len(lines), 1)
    cells: list[Node] = []
    for place, line in enumerate(lines):
        for at, value in zip(line.x, line.y, strict=True):
            if value is None:
                continue
            share = (value - y.low) / (y.high - y.low)
            level = min(int(share * _LEVELS), _LEVELS - 1) + 1
            facts = {
                "class": f"heat h{level}",
                "x": _short(x.at(at)),
                "y": _short(y.to + place * high + 1),
                "width": _short(max(x.at(at + room) - x.at(at) - 1, 0.5)),
                "height": _short(high - 2),
            }
            cells.append(h("rect", facts))
    return cells


def stacked(
    lines: Sequence[LineData],
) -> list[tuple[list[float], list[float | None]]]:
    """What each line stands on, and its top; a gap of one is a gap of it alone."""
    found: list[tuple[list[float], list[float | None]]] = []
    ground = [0.0] * len(lines[0].x) if lines else []
    for line in lines:
        top = [
            None if v is None else v + g for v, g in zip(line.y, ground, strict=True)
        ]
        found.append((ground, top))
        ground = [g if t is None else t for t, g in zip(top, ground, strict=True)]
    return found


def bar_width(lines: Sequence[LineData]) -> float:
    """The time one bar stands for: the shortest between two."""
    steps = [
        later - earlier
        for line in lines
        for earlier, later in zip(line.x, line.x[1:], strict=False)
        if later > earlier
    ]
    return float(min(steps, default=86_400_000))


def _known(values: Sequence[float | None]) -> list[list[int]]:
    """Places without a gap between them."""
    runs: list[list[int]] = []
    before = -2
    for place, value in enumerate(values):
        if value is None:
            continue
        if place != before + 1:
            runs.append([])
        runs[-1].append(place)
        before = place
    return runs


def _runs(line: LineData, x: Scale, y: Scale, kind: str) -> list[list[Point]]:
    return [_points(line, run, x, y, kind) for run in _known(line.y)]


def _points(
    line: LineData, run: Sequence[int], x: Scale, y: Scale, kind: str
) -> list[Point]:
    points: list[Point] = []
    for place in run:
        point = x.at(line.x[place]), y.at(line.y[place] or 0.0)
        if kind == "step" and points:
            points.append((point[0], points[-1][1]))
        points.append(point)
    return points


def _bands(line: LineData, x: Scale, y: Scale) -> list[tuple[list[Point], list[Point]]]:
    both = [
        None if low is None or high is None else 1.0
        for low, high in zip(line.low, line.high, strict=True)
    ]
    return [
        (
            [(x.at(line.x[i]), y.at(line.high[i] or 0.0)) for i in run],
            [(x.at(line.x[i]), y.at(line.low[i] or 0.0)) for i in reversed(run)],
        )
        for run in _known(both)
    ]


def _ground(run: Sequence[Point], base: float) -> list[Point]:
    return [(run[-1][0], base), (run[0][0], base)]


def _path(points: Sequence[Point]) -> str:
    first, *rest = points
    if not rest:  # one reading alone is a dot, as wide as the line
        rest = [(first[0] + 0.1, first[1])]
    return f"M{_pair(first)}" + "".join(f"L{_pair(each)}" for each in rest)


def _closed(upper: Sequence[Point], lower: Sequence[Point]) -> str:
    return _path([*upper, *lower]) + "Z"


def _pair(point: Point) -> str:
    return f"{_short(point[0])} {_short(point[1])}"


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
