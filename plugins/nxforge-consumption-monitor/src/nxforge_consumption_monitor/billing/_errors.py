"""What the arithmetic of money refuses to calculate with."""

from __future__ import annotations

from datetime import datetime

from nxforge_core.api.errors import ConflictError, InvalidInputError

__all__ = ["PeakUnknownError", "TariffError", "TariffGapError"]


class TariffError(InvalidInputError):
    """A tariff by which nothing could be billed."""

    code = "tariff"


class TariffGapError(ConflictError):
    """Time without a price: a hole in a tariff costs an answer, never nothing."""

    code = "tariff_gap"

    def __init__(self, *, tariff: str, start: datetime, end: datetime) -> None:
        super().__init__(
            f"tariff {tariff!r} has no price from {start.isoformat()} "
            f"to {end.isoformat()}",
            remedy="add a price that is valid in that time, or name a price per kWh "
            "for the hours that no window covers",
        )
        self.tariff = tariff
        self.start = start
        self.end = end


class PeakUnknownError(ConflictError):
    """A tariff bills demand, and no peak of the period is known."""

    code = "peak_unknown"

    def __init__(self, *, tariff: str, start: datetime, end: datetime) -> None:
        super().__init__(
            f"tariff {tariff!r} bills demand, and no 15-minute peak is known from "
            f"{start.isoformat()} to {end.isoformat()}",
            remedy="bill this period by a tariff without a demand price",
        )
        self.tariff = tariff
        self.start = start
        self.end = end
