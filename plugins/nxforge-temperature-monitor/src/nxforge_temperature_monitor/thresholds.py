"""When a temperature is too low or too high, and when it is well again."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import msgspec

__all__ = ["Limits", "State", "judge"]

State = Literal["normal", "low", "high"]


class Limits(msgspec.Struct, frozen=True):
    """What a sensor may measure.

    Attributes:
        low: At it and below it is too cold; None: never.
        high: At it and above it is too hot; None: never.
        hysteresis: How far it has to come back before it is well again, so that a
            value that swings around a threshold is one alert and not a hundred.
    """

    low: Decimal | None = None
    high: Decimal | None = None
    hysteresis: Decimal = Decimal("0.5")

    @property
    def fit(self) -> bool:
        """Whether there is room between them to be well in."""
        if self.low is None or self.high is None:
            return True
        return self.low + self.hysteresis < self.high


def judge(before: State, celsius: Decimal, limits: Limits) -> State:
    """The state of a sensor that was in another one before it measured this."""
    low, high, back = limits.low, limits.high, limits.hysteresis
    if high is not None:
        edge = high - back if before == "high" else high
        if celsius > edge or celsius >= high:
            return "high"
    if low is not None:
        edge = low + back if before == "low" else low
        if celsius < edge or celsius <= low:
            return "low"
    return "normal"
