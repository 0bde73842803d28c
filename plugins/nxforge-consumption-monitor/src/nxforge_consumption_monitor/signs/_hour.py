"""An hour of a channel: what its power says, and what its register says."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

import msgspec

__all__ = ["Hour", "HourSoFar"]

_ZERO: Final = Decimal(0)
_LENGTH: Final = timedelta(hours=1)
#: Fewer samples of power say little about a mean.
_FEWEST: Final = 6
_MICROSECOND: Final = timedelta(microseconds=1)
_HOUR_US: Final = Decimal(_LENGTH // _MICROSECOND)
_SIX_PLACES: Final = Decimal("0.000001")


class Hour(msgspec.Struct, frozen=True, kw_only=True, array_like=True, gc=False):
    """An hour, or a little more, without a gap and without a break of the register.

    Attributes:
        sampled_kw: Mean of the samples of power.
        metered_kw: Energy of the register over time.
        doubt_kw: By so much the register's last digit can shift the latter.
    """

    ended_at: datetime
    sampled_kw: Decimal
    metered_kw: Decimal
    doubt_kw: Decimal


class HourSoFar(msgspec.Struct, frozen=True, kw_only=True, array_like=True, gc=False):
    """The hour that has begun."""

    began_at: datetime
    grown_kwh: Decimal = _ZERO
    samples: int = 0
    sum_kw: Decimal = _ZERO

    def plus(self, grown_kwh: Decimal, power_kw: Decimal) -> HourSoFar:
        """With one more reading."""
        return HourSoFar(
            began_at=self.began_at,
            grown_kwh=self.grown_kwh + grown_kwh,
            samples=self.samples + 1,
            # What is fed in is no consumption: its register does not count it either.
            sum_kw=self.sum_kw + max(power_kw, _ZERO),
        )

    def is_over(self, ts: datetime) -> bool:
        """Whether a reading of that instant ends it."""
        return ts - self.began_at >= _LENGTH

    def result(self, ts: datetime, resolution_kwh: Decimal) -> Hour | None:
        """What it was; None where too few samples were taken."""
        if self.samples < _FEWEST:
            return None
        hours = Decimal((ts - self.began_at) // _MICROSECOND) / _HOUR_US
        return Hour(
            ended_at=ts,
            sampled_kw=(self.sum_kw / self.samples).quantize(_SIX_PLACES),
            metered_kw=(self.grown_kwh / hours).quantize(_SIX_PLACES),
            doubt_kw=(resolution_kwh / hours).quantize(_SIX_PLACES),
        )
