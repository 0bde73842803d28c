"""Daily energy as a drawing: the twin of a table, with no script in it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from ._paper import DayBar

__all__ = ["Bar", "Chart", "chart_of"]

_WIDTH = 720
_HEIGHT = 180
_FOOT = 18


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """A day in the drawing; the estimated part is its lower end."""

    x: str
    y: str
    width: str
    height: str
    estimated: str
    label: str
    tick: str


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the template draws."""

    width: int
    height: int
    base: int
    most: Decimal
    bars: list[Bar]
    missing: list[str]


def chart_of(days: Sequence[DayBar]) -> Chart | None:
    """The drawing of days in order; None where no energy is known."""
    known = [each for each in days if each.energy_kwh is not None]
    most = max((each.energy_kwh or Decimal(0) for each in known), default=Decimal(0))
    if not most:
        return None
    step, base = _WIDTH / len(days), _HEIGHT - _FOOT
    return Chart(
        width=_WIDTH,
        height=_HEIGHT,
        base=base,
        most=most,
        bars=[
            _bar(each, place * step, step, base, most)
            for place, each in enumerate(days)
            if each.energy_kwh is not None
        ],
        missing=[f"{each.day}" for each in days if each.energy_kwh is None],
    )


def _bar(day: DayBar, x: float, step: float, base: int, most: Decimal) -> Bar:
    energy = day.energy_kwh or Decimal(0)
    estimated = day.estimated_kwh or Decimal(0)
    height = float(energy / most) * (base - _FOOT)
    return Bar(
        x=f"{x + step * 0.1:.1f}",
        y=f"{base - height:.1f}",
        width=f"{step * 0.8:.1f}",
        height=f"{height:.1f}",
        estimated=f"{height * float(estimated / energy) if energy else 0:.1f}",
        label=f"{day.day}: {energy:f} kWh",
        tick=str(day.day.day),
    )
