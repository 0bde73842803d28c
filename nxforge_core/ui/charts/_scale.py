"""Scales: where values lie on the paper, and which of them are named."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from nxforge_core.ui.speech import current

__all__ = ["Scale", "nice_scale", "time_ticks"]

_HOUR: Final = 3_600_000
_DAY: Final = 86_400_000
#: Steps of a time axis in milliseconds, up to two weeks.
_STEPS: Final = (
    *(n * 1_000 for n in (1, 2, 5, 10, 15, 30)),
    *(n * 60_000 for n in (1, 2, 5, 10, 15, 30)),
    *(n * _HOUR for n in (1, 2, 3, 6, 12)),
    *(n * _DAY for n in (1, 2, 4, 7, 14)),
)
#: Values closer than this are one value, which gets some room around it.
_SAME: Final = 1e-9
_ROOM: Final = 0.1
_TINY: Final = 1e-100
_FACTORS: Final = (1.0, 2.0, 2.5, 5.0, 10.0)


class Scale(msgspec.Struct, frozen=True):
    """From [low, high] to [from_, to] on the paper.

    Attributes:
        step: Between two values that are named.
    """

    low: float
    high: float
    from_: float
    to: float
    step: float = 0.0

    def at(self, value: float) -> float:
        """Where it lies."""
        share = (value - self.low) / (self.high - self.low)
        return self.from_ + share * (self.to - self.from_)

    def ticks(self) -> list[float]:
        """Values that are named."""
        count = round((self.high - self.low) / self.step)
        return [self.low + place * self.step for place in range(count + 1)]


def nice_scale(
    values: Iterable[float], from_: float, to: float, *, zero: bool, count: int = 5
) -> Scale:
    """A scale around all values, which begins and ends with round ones."""
    found = [*values, *([0.0] if zero else [])]
    low, high = (min(found), max(found)) if found else (0.0, 1.0)
    most = max(abs(low), abs(high))
    if high - low <= max(most * _SAME, _TINY):
        room = max(most * _ROOM, 1.0)
        low, high = (
            (low - room, high + room) if most and not zero else (low, low + room)
        )
    step = _nice((high - low) / count)
    low = math.floor(low / step + 1e-9) * step
    high = math.ceil(high / step - 1e-9) * step
    return Scale(low, high, from_, to, step)


def time_ticks(
    low: int, high: int, count: int, *, hours: bool = False
) -> list[tuple[int, str]]:
    """Instants to name, UTC, with their names; midnight as an hour or as a day."""
    wanted = (high - low) / count
    step = next((each for each in _STEPS if each >= wanted), None)
    if step is None:
        return _months(low, high, wanted)
    first = -(-low // step) * step
    return [(at, _name(at, step, hours=hours)) for at in range(first, high + 1, step)]


def _nice(raw: float) -> float:
    power = 10.0 ** math.floor(math.log10(raw))
    factor = next(each for each in _FACTORS if raw / power <= each + 1e-9)
    return float(factor * power)


def _months(low: int, high: int, wanted: float) -> list[tuple[int, str]]:
    every = next((n for n in (1, 2, 3, 6, 12, 24) if n * 30 * _DAY >= wanted), 60)
    at = datetime.fromtimestamp(low / 1000, UTC).replace(day=1, month=1)
    at = at.replace(hour=0, minute=0, second=0, microsecond=0)
    found: list[tuple[int, str]] = []
    while (ms := round(at.timestamp() * 1000)) <= high:
        if ms >= low:
            found.append((ms, current().date(at, "yMMM")))
        for _ in range(every):
            at = (at + timedelta(days=31)).replace(day=1)
    return found


def _name(at: int, step: int, *, hours: bool) -> str:
    moment = datetime.fromtimestamp(at / 1000, UTC)
    if hours:
        return f"{moment:%H:%M}"
    if step >= _DAY:
        return current().date(moment, "MMMd")
    if step < 60_000:  # noqa: PLR2004 - a minute
        return f"{moment:%H:%M:%S}"
    midnight = moment.hour == moment.minute == 0
    return current().date(moment, "MMMd") if midnight else f"{moment:%H:%M}"
