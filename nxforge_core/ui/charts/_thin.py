"""Fewer points that draw the same line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from ._content import LineData

__all__ = ["thinned"]


def thinned(line: LineData, columns: int) -> LineData:
    """First, lowest, highest and last of each column of the paper; gaps stay gaps."""
    if len(line.x) <= 4 * columns or line.low:
        return line
    kept = sorted(set(_kept(line, columns)))
    return msgspec.structs.replace(
        line,
        x=[line.x[place] for place in kept],
        y=[line.y[place] for place in kept],
    )


def _kept(line: LineData, columns: int) -> Iterator[int]:
    width = max((line.x[-1] - line.x[0]) / columns, 1)
    run: list[int] = []
    column = -1
    for place, at in enumerate(line.x):
        if line.y[place] is None:
            yield from _extremes(line.y, run)
            yield place
            run = []
            continue
        if (now := int((at - line.x[0]) / width)) != column:
            yield from _extremes(line.y, run)
            run, column = [], now
        run.append(place)
    yield from _extremes(line.y, run)


def _extremes(values: Sequence[float | None], run: Sequence[int]) -> Iterator[int]:
    if not run:
        return
    yield run[0]
    yield min(run, key=lambda place: values[place] or 0.0)
    yield max(run, key=lambda place: values[place] or 0.0)
    yield run[-1]
