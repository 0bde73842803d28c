"""What the polls of a channel so far say: a fold, one reading after the other."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

import msgspec

from ._hour import Hour, HourSoFar

__all__ = ["Sight", "Signs", "note"]

_ZERO: Final = Decimal(0)
#: Below it a register may well stand still, kW.
_LOAD: Final = Decimal("0.05")
#: A power of fewer steps, of four digits that is, repeats itself without being frozen.
_TELLING_STEPS: Final = 1000
_MICROSECOND: Final = timedelta(microseconds=1)
_HOUR_US: Final = Decimal(timedelta(hours=1) // _MICROSECOND)
_SIX_PLACES: Final = Decimal("0.000001")


class Sight(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One good answer of a channel.

    Attributes:
        register_kwh: As the device shows it; None of a device without a register.
        power_kw: None where the answer has none.
        power_step_kw: Worth of its last digit; 0 where it has the noise of a float.
        grown_kwh: By so much the unwrapped register grew; None where the register
            broke off or waits to be explained.
        resolution_kwh: Worth of the register's last digit after the multiplier.
    """

    ts: datetime
    register_kwh: Decimal | None = None
    power_kw: Decimal | None = None
    power_step_kw: Decimal = _ZERO
    grown_kwh: Decimal | None = None
    resolution_kwh: Decimal = _ZERO


class Signs(msgspec.Struct, frozen=True, kw_only=True, array_like=True, gc=False):
    """What is remembered.

    Attributes:
        seen_at: Instant of the latest answer.
        drew_at: Instant of the latest one that shows consumption; the first one's
            where none does.
        still_polls: Answers in a row that repeat the register under load.
        still_kwh: What flowed meanwhile, as their power says.
        same_polls: Answers in a row that repeat the power to the last digit.
        so_far: The hour that has begun; None without register or power.
        hour: The latest one that is complete.
    """

    seen_at: datetime
    drew_at: datetime
    register_kwh: Decimal | None = None
    power_kw: Decimal | None = None
    resolution_kwh: Decimal = _ZERO
    still_polls: int = 0
    still_kwh: Decimal = _ZERO
    same_polls: int = 0
    so_far: HourSoFar | None = None
    hour: Hour | None = None

    @property
    def frozen_polls(self) -> int:
        """Answers in a row that repeat what cannot have stayed.

        The register counts once more flowed than two of its last digits: a slow one
        that has not moved yet is not frozen.
        """
        moved = self.still_kwh > 2 * self.resolution_kwh
        return max(self.still_polls if moved else 0, self.same_polls)


def note(signs: Signs | None, sight: Sight, gap: timedelta) -> Signs:
    """Go on by one answer.

    Args:
        signs: Of those before; None at the beginning.
        sight: The answer; one that is not later than the last one changes nothing.
        gap: Answers further apart do not belong to one hour.
    """
    if signs is None:
        return Signs(
            seen_at=sight.ts,
            drew_at=sight.ts,
            register_kwh=sight.register_kwh,
            power_kw=sight.power_kw,
            resolution_kwh=sight.resolution_kwh,
            so_far=_begun(sight),
        )
    passed = sight.ts - signs.seen_at
    if passed <= timedelta():
        return signs
    still_polls, still_kwh = _still(signs, sight, passed, gap)
    so_far, hour = _hour(signs, sight, is_gap=passed > gap)
    return Signs(
        seen_at=sight.ts,
        drew_at=sight.ts if _draws(sight) else signs.drew_at,
        register_kwh=sight.register_kwh,
        power_kw=sight.power_kw,
        resolution_kwh=sight.resolution_kwh,
        still_polls=still_polls,
        still_kwh=still_kwh,
        same_polls=signs.same_polls + 1 if _is_same(signs, sight) else 0,
        so_far=so_far,
        hour=hour,
    )


def _draws(sight: Sight) -> bool:
    return bool(sight.grown_kwh) or (sight.power_kw is not None and sight.power_kw > 0)


def _still(
    signs: Signs, sight: Sight, passed: timedelta, gap: timedelta
) -> tuple[int, Decimal]:
    power = sight.power_kw
    repeats = (
        sight.register_kwh is not None and sight.register_kwh == signs.register_kwh
    )
    if not repeats or power is None or power <= _LOAD:
        return 0, _ZERO
    hours = Decimal(min(passed, gap) // _MICROSECOND) / _HOUR_US
    flowed = (power * hours).quantize(_SIX_PLACES)
    return signs.still_polls + 1, signs.still_kwh + flowed


def _is_same(signs: Signs, sight: Sight) -> bool:
    power = sight.power_kw
    return (
        power is not None
        and power == signs.power_kw
        and abs(power) >= _TELLING_STEPS * sight.power_step_kw
        and power != 0
    )


def _begun(sight: Sight) -> HourSoFar | None:
    if sight.register_kwh is None or sight.power_kw is None:
        return None
    return HourSoFar(began_at=sight.ts).plus(_ZERO, sight.power_kw)


def _hour(
    signs: Signs, sight: Sight, *, is_gap: bool
) -> tuple[HourSoFar | None, Hour | None]:
    grown, power, so_far = sight.grown_kwh, sight.power_kw, signs.so_far
    if so_far is None or is_gap or grown is None or power is None:
        return _begun(sight), signs.hour
    so_far = so_far.plus(grown, power)
    if not so_far.is_over(sight.ts):
        return so_far, signs.hour
    return _begun(sight), so_far.result(sight.ts, sight.resolution_kwh)
