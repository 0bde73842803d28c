"""Energy of intervals as the register that would have counted it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from ._place import Offer
from ._row_errors import OverlapError

__all__ = ["Intervals"]

_EIGHT_PLACES: Final = Decimal("0.00000001")


class Intervals:
    """Adds intervals up, in order of time.

    Where an interval does not begin at the end of the one before, its own start is a
    reading too: the register stands still between them, and that time counts as
    covered by nothing.

    Args:
        length: Of each interval.
        starts: Whether times are those of the start.
        multiplier: Of the meter: the register is what it would show.

    Attributes:
        gaps: How often an interval did not follow the one before.
    """

    def __init__(self, length: timedelta, *, starts: bool, multiplier: Decimal) -> None:
        self._length = length
        self._starts = starts
        self._multiplier = multiplier
        self._sum = Decimal(0)
        self._end: datetime | None = None
        self.gaps = 0

    def offers(self, row: int, at: datetime, energy_kwh: Decimal) -> Iterator[Offer]:
        """The readings that an interval adds, from 0 at the start of the first one.

        Raises:
            RowError: it begins before the one before it ends.
        """
        start = at if self._starts else at - self._length
        if self._end is not None and start < self._end:
            raise OverlapError(start=start.isoformat(), end=self._end.isoformat())
        if start != self._end:
            self.gaps += self._end is not None
            yield Offer(0, start, self._register())
        self._sum += energy_kwh
        self._end = start + self._length
        yield Offer(row, self._end, self._register())

    def _register(self) -> Decimal:
        if self._multiplier == 1:
            return self._sum
        return (self._sum / self._multiplier).quantize(_EIGHT_PLACES)
