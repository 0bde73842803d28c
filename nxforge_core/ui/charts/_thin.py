"""Fewer points that draw the same lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from ._content import LineData

__all__ = ["thinned", "thinned_together"]


def thinned(line: LineData, columns: int) -> LineData:
    """First, lowest, highest and last of each column of the paper; gaps stay gaps."""
    return _only(line, sorted(_kept(line, columns))) if _dense(line, columns) else line


def thinned_together(lines: Sequence[LineData], columns: int) -> list[LineData]:
    """The same of lines that stand on each other: all keep what one of them keeps."""
    kept: set[int] = set()
    for line in lines:
        kept |= _kept(line, columns) if _dense(line, columns) else set()
    places = sorted(kept)
    return [_only(line, places) for line in lines] if kept else list(lines)


def _dense(line: LineData, columns: int) -> bool:
    return len(line.x) > 4 * columns and not line.low


def _only(line: LineData, places: Sequence[int]) -> LineData:
    return msgspec.structs.replace(
        line,
        x=[line.x[place] for place in places],
        y=[line.y[place] for place in places],
    )


def _kept(line: LineData, columns: int) -> set[int]:
    return set(_places(line, columns))


def _places(line: LineData, columns: int) -> Iterator[int]:
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
