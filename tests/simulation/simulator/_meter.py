"""One device: its registers one after the other, and what it answers at an instant."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ._faults import Fault
from ._load import Load
from ._traits import Traits

__all__ = ["JOULES", "Answer", "Meter", "Part"]

#: Of a watt-hour.
JOULES = 3600
_MEGA = 1_000_000
_HOUR = 3600
#: From a new meter's start until its register is full.
FULL_AFTER = 40 * _HOUR

Worth = Literal["true", "held", "false", "none"]
_AWAY = frozenset({"hours_away", "days_away", "weeks_away"})
#: The register breaks or the clock is wrong, and the page goes on.
_GO_ON = frozenset({"reset", "fallen", "leap", "replaced", "wrong_clock"})
#: By how many seconds.
_WRONG = 900
_LIES = frozenset({"zero", "all_zero", "spike"})


@dataclass(frozen=True)
class Part:
    """A time in which the register counts on without a break.

    Attributes:
        cause: Of its beginning: `first`, `replaced`, `reset`, `fallen` or `leap`.
        initial: Where the register stands at the beginning, Wh.
    """

    start: int
    cause: str
    initial: int
    joules: int


@dataclass(frozen=True)
class Answer:
    """What a device answers.

    Attributes:
        fault: The fault that shapes it; empty where all is well.
        worth: `true`, `held` (a register that stands still), `false`, or `none`.
        register: On the page, Wh.
        watts: On the page.
        volts: On the page, tenths.
        layout: 0 or 1.
        clock: What its clock says, Unix seconds; None where it has none.
    """

    fault: str
    worth: Worth
    register: int
    watts: int
    volts: int
    layout: int
    clock: int | None


class Meter:
    """A device with its load and its faults.

    Attributes:
        number: Of it, from 0.
        traits: What kind it is.
        faults: In order of time.
        parts: Of its register, in order of time.
    """

    def __init__(
        self, number: int, traits: Traits, load: Load, faults: Sequence[Fault], *,
        begin: int, initial: int,
    ) -> None:  # fmt: skip
        self.number = number
        self.traits = traits
        self.load = load
        self.faults = faults
        self._fault_starts = [fault.span.start for fault in faults]
        self.parts = [Part(begin, "first", initial, load.joules(begin))]
        for fault in faults:
            self._begin_part(fault)
        self._part_starts = [part.start for part in self.parts]

    def fault_at(self, at: int) -> str:
        """Kind of the fault that shapes answers at an instant; empty: none."""
        n = bisect_right(self._fault_starts, at) - 1
        if n < 0 or at >= self.faults[n].span.end:
            return ""
        return self.faults[n].kind

    def listens(self, at: int) -> bool:
        """Whether it can be reached at all."""
        return self.fault_at(at) not in _AWAY

    def part_at(self, at: int) -> int:
        """Which part of its register an instant lies in."""
        return bisect_right(self._part_starts, at) - 1

    def shown(self, at: int, part: int | None = None) -> int:
        """What its register shows, Wh; rounds that it went are counted in."""
        chosen = self.parts[self.part_at(at) if part is None else part]
        used = (self.load.joules(at) - chosen.joules) // self._joules_each
        rounds, within = divmod(chosen.initial + used, self.traits.modulus)
        return rounds * self.traits.modulus + self._cut(within)

    def answer(self, at: int) -> Answer:
        """What it answers at an instant, should it be reached."""
        fault = self.fault_at(at)
        register = self.shown(self.held_since(at) if fault == "stalled" else at)
        register %= self.traits.modulus
        watts, volts = self.load.watts(at), 2300 + at // 61 % 40
        worth: Worth = "true"
        if fault in _LIES:
            worth = "false"
            register = (register + self.traits.modulus * 2 // 5) * (fault == "spike")
            if fault == "all_zero":
                watts = volts = 0
        elif fault == "stalled":
            worth = "held"
        elif fault == "jitter":
            register -= self.traits.resolution
        elif fault and fault not in _GO_ON:
            worth = "none"
        layout = self._layout(at)
        return Answer(fault, worth, register, watts, volts, layout, self._clock(at))

    def held_since(self, at: int) -> int:
        """When the fault that shapes answers at an instant began."""
        return self.faults[bisect_right(self._fault_starts, at) - 1].span.start

    def rules_edited(self, fault: Fault) -> int:
        """Layout that an operator's rules are to read after a changed page."""
        return self._layout(fault.span.start)

    def final(self, part: int) -> int:
        """What a register showed when its part ended, Wh."""
        return self.shown(self.parts[part + 1].start, part)

    def _clock(self, at: int) -> int | None:
        if not self.traits.has_clock:
            return None
        return at + _WRONG * (self.fault_at(at) == "wrong_clock")

    def _layout(self, at: int) -> int:
        changes = (f for f in self.faults if f.kind == "changed_page")
        return sum(fault.span.start <= at for fault in changes) % 2

    @property
    def _joules_each(self) -> int:
        return JOULES * self.traits.multiplier

    def _cut(self, wh: int) -> int:
        digit = self.traits.resolution
        if self.traits.coarse and wh >= _MEGA:
            digit *= 10
        return wh - wh % digit

    def _begin_part(self, fault: Fault) -> None:
        start, joules = fault.span.start, self.load.joules(fault.span.start)
        self._part_starts = [part.start for part in self.parts]
        stands = self.shown(start)
        if fault.kind == "reset":
            initial = 0
        elif fault.kind == "fallen":
            # Below what was seen last, at the next two polls too: else nobody sees it.
            interval = self.traits.interval
            soon = self.load.joules(start + 4 * interval) - joules
            seen = self.shown(start - 2 * interval)
            initial = seen - soon // self._joules_each - 3000
        elif fault.kind == "leap":
            initial = stands + self.traits.modulus // 5
        elif fault.kind == "replaced":
            until_full = self.load.joules(start + FULL_AFTER) - joules
            initial = self.traits.modulus - until_full // self._joules_each
        else:
            return
        initial -= initial % (self.traits.resolution * 10)
        self.parts.append(Part(start, fault.kind, initial, joules))
