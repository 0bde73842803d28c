"""What somebody who saw the answers can know of a meter's months.

Where the register counts on, the difference is known. A replaced meter is known by the
registers on the slip of paper. What was used between the last answer before a register
broke and the first one after it, nobody can know, but for what a register shows that
began from zero.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

from ._meter import JOULES, Meter

__all__ = ["Known", "Observer", "Seen"]

_WIDE = Context(prec=60, rounding=ROUND_HALF_EVEN)
_SIX_PLACES = Decimal("0.000001")
_QUARTER = 15 * 60
_CLOCKS_DIFFER = 120


@dataclass(frozen=True)
class Seen:
    """An answer that arrived: when it really did, and when by the observer's clock."""

    at: int
    stamped: int


@dataclass(frozen=True)
class Known:
    """What can be known of a stretch of time.

    Attributes:
        kwh: Its energy; None where nothing is known.
        start: How its beginning is known: `measured`, `manual` or `estimated`.
        end: How its end is.
        breaks: Registers that broke within it.
    """

    kwh: Decimal | None
    start: str
    end: str
    breaks: int


@dataclass(frozen=True)
class _Point:
    """What is counted at an instant, and what was really used until then."""

    stamped: int
    wh: int
    joules: int
    lost: int
    by_hand: bool = False


class Observer:
    """Counts along.

    Args:
        meter: The one that is observed.
        seen: Answers that arrived, in order.
    """

    def __init__(self, meter: Meter, seen: Sequence[Seen]) -> None:
        self._meter = meter
        self.breaks: list[int] = []
        self._points: list[_Point] = []
        self._last: Seen | None = None
        self._shown = 0
        self._lost = 0
        self._joules_each = JOULES * meter.traits.multiplier
        for each in seen:
            self._take(each)
        self._instants = [point.stamped for point in self._points]

    @property
    def last(self) -> int:
        """When the last answer arrived by the observer's clock."""
        return self._points[-1].stamped

    def known(self, start: int, end: int) -> Known:
        """The energy of [start, end) by the observer's clock."""
        first, last = max(start, self._instants[0]), min(end, self._instants[-1])
        breaks = sum(start <= at < end for at in self.breaks)
        if first >= last:
            return Known(None, "", "", breaks)
        kwh = self._at(last) - self._at(first)
        return Known(kwh, self._quality(first), self._quality(last), breaks)

    def unaccounted(self, start: int, end: int) -> Fraction:
        """Digits by which the joules are not what is known and what was lost.

        Where an end lies between two answers, the joules are those of the straight
        line between them: nobody can know better.
        """
        first, last = max(start, self._instants[0]), min(end, self._instants[-1])
        if first >= last:
            return Fraction(0)
        found = self._really(last) - self._really(first)
        return found / (self._joules_each * self._meter.traits.last_digit)

    def _really(self, instant: int) -> Fraction:
        counted = self._line(instant, "wh") * self._joules_each
        return self._line(instant, "joules") - self._line(instant, "lost") - counted

    def _take(self, seen: Seen) -> None:
        worth = self._meter.answer(seen.at).worth
        if worth not in {"true", "held"}:
            return
        at = seen.at if worth == "true" else self._meter.held_since(seen.at)
        seen = Seen(seen.at, self._instant(seen))
        shown = self._meter.shown(at)
        if self._last is None:
            self._place(seen.stamped, at, shown)
        else:
            self._go_on(seen, at, shown)
        self._last, self._shown = Seen(at, seen.stamped), shown

    def _instant(self, seen: Seen) -> int:
        # A device's own clock is the better one, as long as it can be true.
        said = self._meter.answer(seen.at).clock
        is_true = said is not None and abs(said - seen.stamped) <= _CLOCKS_DIFFER
        return said if said is not None and is_true else seen.stamped

    def _go_on(self, seen: Seen, at: int, shown: int) -> None:
        assert self._last is not None
        part = self._meter.part_at(at)
        before = self._meter.part_at(self._last.at)
        total = self._points[-1].wh
        if part == before:
            self._count_rounds(seen, shown)
            self._place(seen.stamped, at, total + shown - self._shown)
            return
        assert part == before + 1, "two breaks between two answers"
        broken = self._meter.parts[part]
        if broken.cause == "replaced":
            total += self._meter.final(before) - self._shown
            self._place(broken.start, broken.start, total, by_hand=True)
            total += shown - broken.initial
            self.breaks.append(broken.start)
        else:
            counted = shown if broken.cause == "reset" else 0
            total += counted
            used = self._meter.load.joules(at) - self._points[-1].joules
            self._lost += used - counted * self._joules_each
            self.breaks.append(seen.stamped)
        self._place(seen.stamped, at, total)

    def _place(self, stamped: int, at: int, wh: int, *, by_hand: bool = False) -> None:
        used = self._meter.load.joules(at)
        self._points.append(_Point(stamped, wh, used, self._lost, by_hand))

    def _count_rounds(self, seen: Seen, shown: int) -> None:
        modulus = self._meter.traits.modulus
        if shown // modulus != self._shown // modulus:
            self.breaks.append(seen.stamped)

    def _at(self, instant: int) -> Decimal:
        kwh = self._line(instant, "wh") * self._meter.traits.multiplier / 1000
        exact = _WIDE.divide(Decimal(kwh.numerator), Decimal(kwh.denominator))
        return exact.quantize(_SIX_PLACES, context=_WIDE)

    def _line(self, instant: int, figure: str) -> Fraction:
        n = bisect_right(self._instants, instant) - 1
        point = self._points[n]
        value = Fraction(getattr(point, figure))
        if point.stamped == instant:
            return value
        after = self._points[n + 1]
        passed = Fraction(instant - point.stamped, after.stamped - point.stamped)
        return value + (getattr(after, figure) - getattr(point, figure)) * passed

    def _quality(self, instant: int) -> str:
        n = bisect_right(self._instants, instant) - 1
        around = [self._points[n]]
        if around[0].stamped != instant:
            around.append(self._points[n + 1])
        far = max(abs(point.stamped - instant) for point in around)
        if far > max(_QUARTER, self._meter.traits.interval * 3 / 2):
            return "estimated"
        return "manual" if any(point.by_hand for point in around) else "measured"
