"""What a restatement changed."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import msgspec

__all__ = ["Adjustment", "Restatement", "RollupChange"]


class RollupChange(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """An hour, a day or a month that has another energy now.

    Attributes:
        before_kwh: None: nothing was known of it.
        after_kwh: None: nothing is known of it any more.
        locked: It keeps the energy from before; the difference is an adjustment.
    """

    channel: str
    grain: str
    start: datetime
    end: datetime
    before_kwh: Decimal | None
    after_kwh: Decimal | None
    locked: bool = False


class Adjustment(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A correction of a locked month, as a line of a later one.

    Attributes:
        month: First day of the locked month.
        booked_month: First day of the month that gets the line.
        energy_kwh: What the locked month has too little; negative: too much.
    """

    channel: str
    month: date
    booked_month: date
    energy_kwh: Decimal


class Restatement(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a restatement changed.

    Attributes:
        readings: How many of them are worth something else now.
        rollups: How many hours, days and months were written or deleted.
        changes: Days and months with another energy, in order of channel and time.
        adjustments: What was booked for locked months.
    """

    endpoint_id: str
    readings: int = 0
    rollups: int = 0
    changes: tuple[RollupChange, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()

    def __add__(self, other: Restatement) -> Restatement:
        """Both together, of one endpoint."""
        return Restatement(
            endpoint_id=self.endpoint_id,
            readings=self.readings + other.readings,
            rollups=self.rollups + other.rollups,
            changes=self.changes + other.changes,
            adjustments=self.adjustments + other.adjustments,
        )
