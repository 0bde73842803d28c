"""Fewer points that look alike: largest triangle of three buckets, run by run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

__all__ = ["lttb", "runs_of", "shares"]

_ENDS = 2


def lttb(xs: Sequence[float], ys: Sequence[float], count: int) -> list[int]:
    """Which points to keep: the first, the last, and one of each bucket between.

    Args:
        xs: In order.
        ys: As many.
        count: At the most, and no fewer than 2.

    Returns:
        Indexes in order.
    """
    total = len(xs)
    if count >= total:
        return list(range(total))
    kept = [0]
    width = (total - _ENDS) / (count - _ENDS) if count > _ENDS else 0.0
    for bucket in range(count - _ENDS):
        low, high = int(bucket * width) + 1, int((bucket + 1) * width) + 1
        after = range(high, min(int((bucket + 2) * width) + 1, total))
        middle_x = sum(xs[i] for i in after) / len(after)
        middle_y = sum(ys[i] for i in after) / len(after)
        left_x, left_y = xs[kept[-1]], ys[kept[-1]]
        base, rise = left_x - middle_x, middle_y - left_y
        # twice the area of the triangle with the point kept last and the next middle
        areas = [
            abs(base * (ys[i] - left_y) - (left_x - xs[i]) * rise)
            for i in range(low, high)
        ]
        kept.append(low + areas.index(max(areas)))
    return [*kept, total - 1]


def runs_of(instants: Sequence[datetime], longest: timedelta) -> list[range]:
    """Stretches of indexes between which there is a gap longer than `longest`."""
    if not instants:
        return []
    cuts = [
        index
        for index, (before, after) in enumerate(pairwise(instants), 1)
        if after - before > longest
    ]
    bounds = [0, *cuts, len(instants)]
    return [range(low, high) for low, high in pairwise(bounds)]


def shares(runs: Sequence[range], count: int) -> list[int]:
    """How many points each run may keep: by length, both ends at least."""
    total = sum(len(run) for run in runs)
    return [
        min(len(run), max(_ENDS, count * len(run) // total)) if total else 0
        for run in runs
    ]
