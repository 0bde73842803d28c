"""What a person says about a break of the register; it wins over every rule."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec
from msgspec.structs import force_setattr

from ._limits import Limits
from ._state import RegisterState, as_utc
from ._step import Change, Point
from ._unwrap import dismissal

__all__ = ["MeterEvent", "apply_event"]


class MeterEvent(msgspec.Struct, frozen=True, kw_only=True):
    """A break of the register that a person entered or confirmed.

    The old count ended at `old_kwh` and the new one began at `new_kwh`, both as shown
    by the device, kWh, at the instant `ts`. A replaced meter: final and initial
    register. A rollover: modulus and 0. A reset from zero: last register and 0.

    Attributes:
        ts: The instant, with its offset. Readings of the same instant come after it.
        old_kwh: None if it is not known; then nothing is counted after the last
            reading.
        new_kwh: None if it is not known; then nothing is counted before the next
            reading.
        limits: Those of the new meter; None if they stay.

    Raises:
        NaiveInstantError: `ts` has no offset.
    """

    ts: datetime
    old_kwh: Decimal | None
    new_kwh: Decimal | None
    limits: Limits | None = None

    def __post_init__(self) -> None:
        force_setattr(self, "ts", as_utc("ts", self.ts))


def apply_event(state: RegisterState, event: MeterEvent, limits: Limits) -> Change:
    """Let a person's word decide over jump, reset and rollover (rule 7).

    Args:
        state: Of the last reading before the event. A reading that still waits in it
            is rejected: the event explains the break otherwise.
        event: What happened.
        limits: Those of the meter before the event.

    Returns:
        The state from which readings of that instant and later continue.
    """
    energy = Decimal(0)
    if state.v0 is not None and event.old_kwh is not None:
        energy = max(energy, limits.energy(state.v0, event.old_kwh))
    total = state.total + energy
    # t0 stays at the last reading: the time a person remembers is not exact enough
    # to say how much energy the next reading may bring
    after = RegisterState(v0=event.new_kwh, t0=state.t0, total=total)
    is_placed = state.t0 is not None
    return Change(
        state=after,
        energy_kwh=energy,
        points=(Point(event.ts, total, "manual"),) if is_placed else (),
        revisions=dismissal(state),
    )
