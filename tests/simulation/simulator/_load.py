"""What is really used: whole watts for every hour, so joules are exact."""

from __future__ import annotations

from bisect import bisect_right
from random import Random

__all__ = ["HOUR", "Load"]

HOUR = 3600
_SHAPES = ("server", "office", "home")


class Load:
    """A load that is steady within each hour.

    Args:
        random: Decides shape and size.
        begin: First instant, Unix seconds, a full hour.
        hours: How many.
        idle: Spans in which nothing is used.
    """

    def __init__(
        self, random: Random, begin: int, hours: int, idle: list[tuple[int, int]]
    ) -> None:
        shape, mean = random.choice(_SHAPES), random.randint(1500, 5000)
        watts = [_watts(shape, mean, begin + n * HOUR, random) for n in range(hours)]
        edges = {begin + n * HOUR: w for n, w in enumerate(watts)}
        for start, end in idle:
            edges = _silent(edges, start, end)
        self._starts = sorted(edges)
        self._watts = [edges[at] for at in self._starts]
        self._joules = [0]
        for n, at in enumerate(self._starts[1:]):
            self._joules.append(
                self._joules[-1] + self._watts[n] * (at - self._starts[n])
            )

    def watts(self, at: int) -> int:
        """What is drawn at an instant."""
        return self._watts[self._index(at)]

    def joules(self, at: int) -> int:
        """What was used since the beginning."""
        n = self._index(at)
        return self._joules[n] + self._watts[n] * (at - self._starts[n])

    def when(self, joules: int) -> int:
        """The first full second at which so much was used."""
        n = max(bisect_right(self._joules, joules) - 1, 0)
        rest, watts = joules - self._joules[n], self._watts[n]
        return self._starts[n] + (-(-rest // watts) if watts else 0)

    def _index(self, at: int) -> int:
        return max(bisect_right(self._starts, at) - 1, 0)


def _watts(shape: str, mean: int, at: int, random: Random) -> int:
    hour, weekday = at // HOUR % 24, at // (24 * HOUR) % 7
    factor = random.uniform(0.9, 1.1)
    if shape == "office":
        is_open = 7 <= hour < 19 and weekday not in {2, 3}
        factor *= 1.8 if is_open else 0.3
    elif shape == "home":
        factor *= {6: 1.5, 7: 1.7, 18: 2.0, 19: 2.2, 20: 1.9}.get(hour, 0.6)
    return round(mean * factor)


def _silent(edges: dict[int, int], start: int, end: int) -> dict[int, int]:
    before = max((at for at in edges if at <= end), default=end)
    kept = {at: w for at, w in edges.items() if not start <= at < end}
    return kept | {start: 0, end: edges[before]}
