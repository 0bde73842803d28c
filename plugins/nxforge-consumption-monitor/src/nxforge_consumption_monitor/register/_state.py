"""What goes into a step: one reading, and what is remembered of those before it."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Literal

import msgspec
from msgspec.structs import force_setattr

from ._errors import NaiveInstantError

__all__ = ["PendingKind", "Reading", "RegisterState", "as_utc"]

PendingKind = Literal["low", "high", "asked"]

_ZERO = Decimal(0)


def as_utc(field: str, value: datetime) -> datetime:
    """The same instant in UTC.

    Python subtracts two times of one zone by their wall clocks, which is an hour wrong
    over a change of the clocks; in UTC it cannot be.

    Raises:
        NaiveInstantError: The value has no offset.
    """
    if value.tzinfo is UTC:
        return value
    if value.tzinfo is None:
        raise NaiveInstantError(field=field, value=value)
    return value.astimezone(UTC)


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """One answer of the device.

    Attributes:
        ts: When it was read, with its offset; kept in UTC.
        register_kwh: What the device shows, kWh, before the multiplier.
        power_kw: Active power in the same answer, kW; None if it gives none.
        voltage_v: Voltage in the same answer, V; None if it gives none.
        valid: False where the device itself says invalid or unavailable.

    Raises:
        NaiveInstantError: `ts` has no offset.
    """

    ts: datetime
    register_kwh: Decimal
    power_kw: Decimal | None = None
    voltage_v: Decimal | None = None
    valid: bool = True

    def __post_init__(self) -> None:
        force_setattr(self, "ts", as_utc("ts", self.ts))

    @property
    def is_blank(self) -> bool:
        """Whether register, power and voltage all say zero: a device half awake."""
        return self.register_kwh == 0 and self.power_kw == 0 and self.voltage_v == 0


class RegisterState(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False
):
    """What has to be remembered between two readings of one channel.

    `RegisterState()` is the state of a channel without readings. Each field is a
    column or a JSON member; the three pending times and values are set together.

    Attributes:
        v0: Highest good register since the last break, kWh on the device, before the
            multiplier. None before the first reading, and after a meter event that
            did not say where the new register begins.
        t0: Instant of the last good reading, UTC; plausible energy is measured from
            it. A meter event moves `v0` and leaves it. None before the first reading.
        total: The unwrapped register U, kWh after the multiplier. It begins at the
            first register, and never falls.
        pending_kind: `low` or `high` while a reading waits for the next one to
            explain it, `asked` while a confirmed reset waits for a person (policy
            `ask`), else None.
        pending_v: Register of the waiting reading, kWh on the device; while a person is
            asked, of the latest one.
        pending_t: Instant of the waiting reading, UTC.
        pending_until: Instant of the latest reading that waits with it, because it
            repeats it or because a person is asked, UTC; all suspect readings from
            `pending_t` to here share its fate if it is rejected.
    """

    v0: Decimal | None = None
    t0: datetime | None = None
    total: Decimal = _ZERO
    pending_kind: PendingKind | None = None
    pending_v: Decimal | None = None
    pending_t: datetime | None = None
    pending_until: datetime | None = None

    @property
    def seen(self) -> datetime | None:
        """Instant of the latest reading that was not rejected at once."""
        return self.pending_until or self.t0
