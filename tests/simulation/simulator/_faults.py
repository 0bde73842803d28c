"""What goes wrong and when: each kind at least once per meter and quarter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from ._traits import Traits

__all__ = ["KINDS", "OF_CLOCKS", "Fault", "FaultPlan", "NoRoomError", "Span"]

_HOUR = 3600
_DAY = 24 * _HOUR

#: How long each kind lasts: intervals of the meter and seconds beside them.
_LENGTHS: dict[str, tuple[int, int]] = {
    "jitter": (1, 0),
    "zero": (1, 0),
    "all_zero": (1, 0),
    "spike": (1, 0),
    "no_number": (1, 0),
    "nan": (1, 0),
    "blank": (1, 0),
    "refused_login": (1, 0),
    "locked_out": (4, 0),
    "error_page": (1, 0),
    "cut_off": (1, 0),
    "stalled": (5, 0),
    "repeated": (2, 0),
    "wrong_clock": (3, 0),
    "fallen": (3, 0),
    "reset": (3, 0),
    "leap": (4, 0),
    "changed_page": (4, 0),
    "hours_away": (4, 0),
    "days_away": (0, 2 * _DAY),
    "weeks_away": (0, 0),
    "replaced": (0, 72 * _HOUR),
}
#: A full register follows from a new meter; the network is slow for all at a time.
KINDS = (*_LENGTHS, "rollover", "slow")
#: Of devices that tell the time.
OF_CLOCKS = frozenset({"repeated", "wrong_clock"})

#: In which part of a quarter: a register that fell by a few kWh must be a high one.
_PARTS = {
    "replaced": (0.0, 0.45),
    "reset": (0.0, 0.45),
    "leap": (0.45, 0.7),
    "fallen": (0.7, 1.0),
}
#: An observer cannot tell them from a quiet meter, so they keep clear of month ends.
_UNSEEN = frozenset({"stalled", "jitter"})
_CLEAR = 6 * _HOUR


@dataclass(frozen=True)
class Span:
    """A stretch of time [start, end), Unix seconds."""

    start: int
    end: int

    def touches(self, other: Span) -> bool:
        """Whether both share time."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong.

    Attributes:
        quarter: Which quarter of the run it is counted in.
    """

    kind: str
    span: Span
    quarter: int


_TRIES = 100


class NoRoomError(ValueError):
    """A quarter is too short for one fault of each kind."""

    def __init__(self, span: Span) -> None:
        super().__init__(f"no room for a fault of each kind in {span}")


class FaultPlan:
    """Places the faults of one meter.

    Args:
        random: Decides.
        traits: Of the meter.
        weeks: How long the long absence is, seconds.
        reserved: Spans that belong to faults of the host.
        month_ends: Local month boundaries of the meter.
        hides_month_end: The long absence is over one of them.
    """

    def __init__(
        self,
        random: Random,
        traits: Traits,
        *,
        weeks: int,
        reserved: Sequence[Span],
        month_ends: Sequence[int],
        hides_month_end: bool,
    ) -> None:
        self._random = random
        self._interval = traits.interval
        self._weeks = weeks
        self._reserved = reserved
        self._kinds = [k for k in _LENGTHS if traits.has_clock or k not in OF_CLOCKS]
        self._hides_month_end = hides_month_end
        self._month_ends = month_ends
        self._unseen = [Span(end - _CLEAR, end + _CLEAR) for end in month_ends]

    def place(self, quarter: int, span: Span) -> list[Fault]:
        """One fault of each kind within a quarter, in order of time."""
        for _ in range(_TRIES):
            found = self._try(quarter, span)
            if found:
                return sorted(found, key=lambda fault: fault.span.start)
        raise NoRoomError(span)

    def _try(self, quarter: int, span: Span) -> list[Fault]:
        taken: list[Span] = []
        found: list[Fault] = []
        # The longest first: they find room as long as there is some.
        for kind in sorted(self._kinds, key=self._length, reverse=True):
            free = self._free(kind, span, taken)
            if free is None:
                return []
            margin = 3 * self._interval
            taken.append(Span(free.start - margin, free.end + margin))
            found.append(Fault(kind, free, quarter))
        return found

    def _length(self, kind: str) -> int:
        if kind == "weeks_away":
            return self._weeks
        intervals, seconds = _LENGTHS[kind]
        return intervals * self._interval + seconds

    def _free(self, kind: str, span: Span, taken: list[Span]) -> Span | None:
        length, margin = self._length(kind), 3 * self._interval
        part, whole = _PARTS.get(kind, (0.0, 1.0)), span.end - span.start
        first = span.start + margin + round(part[0] * whole)
        last = span.start + round(part[1] * whole) - length - margin
        ends = [end for end in self._month_ends if first < end - length < end < last]
        for _ in range(200):
            start = self._random.randrange(first, last)
            if kind == "weeks_away" and ends and self._hides_month_end:
                end = self._random.choice(ends)
                start = end - self._random.randrange(length // 4, length * 3 // 4)
            tried = Span(start, start + length)
            wide = Span(start - margin, start + length + margin)
            if any(tried.touches(each) for each in taken):
                continue
            if any(wide.touches(each) for each in self._reserved):
                continue
            if kind in _UNSEEN and any(wide.touches(each) for each in self._unseen):
                continue
            return tried
        return None
