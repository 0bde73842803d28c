"""The fault matrix: what each row did, how often its fault landed, its figures."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import msgspec

__all__ = ["Fault", "Figure", "Line", "VacuousError", "table"]


class VacuousError(AssertionError):
    """The fault landed too seldom: the test has proved nothing."""

    def __init__(self, line: Line) -> None:
        super().__init__(
            f"{line.row}: the fault landed {line.landed} times, {line.needed} are "
            "needed: this test has proved nothing"
        )


class Figure(msgspec.Struct, frozen=True):
    """A measured number and the most it may be."""

    name: str
    value: float
    limit: float

    @property
    def good(self) -> bool:
        """Whether it keeps within the limit."""
        return self.value <= self.limit

    def __str__(self) -> str:
        return f"{self.name} {self.value:.5g} (<= {self.limit:.5g})"


class Line(msgspec.Struct):
    """One row of the matrix.

    Attributes:
        needed: How often the fault has to land.
    """

    row: str
    fault: str
    needed: int
    landed: int = 0
    figures: list[Figure] = []
    result: str = "not finished"


class Fault:
    """What a test of the matrix tells about its fault.

    Attributes:
        times: How often to inject it: few in the short form, many in the full one.
        chance: Decides when; made of the printed seed.
        removed: The fault is left out, to see that the guard notices.
    """

    def __init__(
        self, line: Line, times: int, chance: Random, *, removed: bool
    ) -> None:
        self.line = line
        self.times = times
        self.chance = chance
        self.removed = removed

    def inject(self, strike: Callable[..., Any], *arguments: object) -> None:
        """Call what does the harm, unless the fault is removed."""
        if not self.removed:
            strike(*arguments)

    def landed(self, count: int = 1) -> None:
        """Note evidence that the fault happened: an exit code, a new server's pid."""
        self.line.landed += count

    def figure(self, name: str, value: float, limit: float) -> None:
        """Note a figure; the test fails at its end where one is above its limit."""
        self.line.figures.append(Figure(name, float(value), float(limit)))

    def judge(self) -> None:
        """Fail where a figure is above its limit or the fault landed too seldom.

        Raises:
            AssertionError: a figure is above its limit.
            VacuousError: the fault landed too seldom.
        """
        bad = [str(figure) for figure in self.line.figures if not figure.good]
        assert not bad, f"{self.line.row}: {'; '.join(bad)}"
        if self.line.landed < self.line.needed:
            raise VacuousError(self.line)
        assert self.line.figures, f"{self.line.row}: no figure was measured"


def table(lines: list[Line]) -> list[str]:
    """The matrix as text; figures of a row stand below each other."""
    heads = ("row", "fault", "landed", "result", "figures")
    cells = [heads]
    for line in lines:
        first, *more = [str(figure) for figure in line.figures] or [""]
        landed = f"{line.landed}/{line.needed}"
        cells.append((line.row, line.fault, landed, line.result, first))
        cells += [("", "", "", "", figure) for figure in more]
    widths = [max(len(cell[column]) for cell in cells) for column in range(4)]
    return [
        "  ".join([*map(str.ljust, cell[:4], widths), cell[4]]).rstrip()
        for cell in cells
    ]
