"""Values of one answer that cannot all be true."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

import msgspec

from ._measurement import Measurement
from ._unit import Quantity

__all__ = ["INVALID_ZERO", "POWER_ABOVE_APPARENT", "doubted"]

#: Register, power and voltage are all zero: a device that is powered measures a
#: voltage, so it measured nothing at all.
INVALID_ZERO: Final = "invalid_zero"
#: More power than volt-amperes, which physics does not allow.
POWER_ABOVE_APPARENT: Final = "power_above_apparent"
#: Devices do not measure both at the same instant.
_TOLERANCE: Final = Decimal("1.01")
_BLANK: Final[tuple[Quantity, ...]] = ("energy", "power", "voltage")


def doubted(measurements: Sequence[Measurement]) -> tuple[Measurement, ...]:
    """Add a warning to values that the others of their channel contradict."""
    if not any(m.quantity in {"apparent", "voltage"} for m in measurements):
        return tuple(measurements)
    channels: dict[str, dict[Quantity, Measurement]] = {}
    for each in measurements:
        channels.setdefault(each.channel, {})[each.quantity] = each
    return tuple(_warned(each, channels[each.channel]) for each in measurements)


def _warned(each: Measurement, all_: dict[Quantity, Measurement]) -> Measurement:
    doubts: list[str] = []
    if each.quantity in _BLANK and _is_blank(all_):
        doubts.append(INVALID_ZERO)
    if each.quantity == "power" and _is_impossible(all_):
        doubts.append(POWER_ABOVE_APPARENT)
    if not doubts:
        return each
    return msgspec.structs.replace(each, warnings=(*each.warnings, *doubts))


def _is_blank(all_: dict[Quantity, Measurement]) -> bool:
    return all(q in all_ and all_[q].value == 0 for q in _BLANK)


def _is_impossible(all_: dict[Quantity, Measurement]) -> bool:
    apparent = all_.get("apparent")
    if apparent is None:
        return False
    return abs(all_["power"].value) > abs(apparent.value) * _TOLERANCE
