"""What a register can do: how fast it may count, how it is read, where it wraps."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Literal

import msgspec

from ._errors import LimitError

__all__ = ["Limits", "ResetPolicy"]

ResetPolicy = Literal["from_zero", "rebase", "ask"]

_MICROSECOND = timedelta(microseconds=1)
_MICROSECONDS_PER_HOUR = Decimal(3_600_000_000)
_HEADROOM = Decimal("1.25")
_LEAST_JITTER_KWH = Decimal("0.002")
_ANEW_TO = Decimal("0.9")
_WRAP_FROM = Decimal("0.9")
_WRAP_TO = Decimal("0.1")


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of an endpoint by which its readings are judged.

    Modulus and resolution are those of the number on the device; both are multiplied
    together with it, as a current transformer of ratio 40 also makes the last digit
    worth 40 times as much.

    Attributes:
        max_kw: Largest possible load behind the meter, kW, after the multiplier.
        multiplier: kWh per kWh on the device: the ratio of the transformers.
        modulus_kwh: The register's first impossible value, kWh on the device: 100000
            for five digits. None if it is not known; then nothing is a rollover.
        resolution_kwh: Worth of the last digit, kWh on the device.
        reset_policy: What a confirmed reset counts over the fall: the new register
            (`from_zero`), nothing (`rebase`), or nothing before a person says (`ask`).

    Raises:
        LimitError: A number is zero or negative (the resolution: negative), or is
            not finite.
    """

    max_kw: Decimal = Decimal(50)
    multiplier: Decimal = Decimal(1)
    modulus_kwh: Decimal | None = None
    resolution_kwh: Decimal = Decimal("0.001")
    reset_policy: ResetPolicy = "from_zero"

    def __post_init__(self) -> None:
        _require_positive("max_kw", self.max_kw)
        _require_positive("multiplier", self.multiplier)
        if self.modulus_kwh is not None:
            _require_positive("modulus_kwh", self.modulus_kwh)
        if not self.resolution_kwh.is_finite() or self.resolution_kwh < 0:
            raise LimitError(
                field="resolution_kwh", value=self.resolution_kwh, wanted="not below 0"
            )

    def energy(self, before: Decimal, after: Decimal) -> Decimal:
        """Energy between two values of the device's register, kWh."""
        return (after - before) * self.multiplier

    def allows(self, energy_kwh: Decimal, elapsed: timedelta) -> bool:
        """Whether so much energy is possible in that time.

        The bound is 1.25 * max_kw * elapsed + one resolution. It is compared
        multiplied by the microseconds of an hour, because dividing would round.
        """
        bound = _HEADROOM * self.max_kw * (elapsed // _MICROSECOND)
        surplus = energy_kwh - self.resolution_kwh * self.multiplier
        return surplus * _MICROSECONDS_PER_HOUR <= bound

    def is_jitter(self, energy_kwh: Decimal) -> bool:
        """Whether a fall is so small that the device only rounded differently."""
        return energy_kwh >= -max(
            2 * self.resolution_kwh * self.multiplier, _LEAST_JITTER_KWH
        )

    def is_anew(self, before: Decimal, after: Decimal) -> bool:
        """Whether a register that fell can have begun from zero.

        One that lost a few kWh with its power stands close to where it was. After
        weeks out of reach it could have counted all of it anew, but did not: it would
        be a coincidence to come back just there.
        """
        return 0 < after <= _ANEW_TO * before

    def wrapped(
        self, before: Decimal, after: Decimal, elapsed: timedelta
    ) -> Decimal | None:
        """Energy over a rollover, kWh; None if this fall cannot be one."""
        modulus = self.modulus_kwh
        if modulus is None:
            return None
        # a register beyond its own modulus has the wrong modulus
        from_end = _WRAP_FROM * modulus <= before <= modulus
        if not from_end or not 0 <= after <= _WRAP_TO * modulus:
            return None
        energy = self.energy(before, after + modulus)
        return energy if self.allows(energy, elapsed) else None


def _require_positive(field: str, value: Decimal) -> None:
    if not value.is_finite() or value <= 0:
        raise LimitError(field=field, value=value, wanted="above 0")
