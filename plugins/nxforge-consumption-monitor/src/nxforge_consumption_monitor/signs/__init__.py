"""What polls show one after the other: freezing, idling, power against energy. Pure."""

from __future__ import annotations

from ._hour import Hour, HourSoFar
from ._signs import Sight, Signs, note

__all__ = ["Hour", "HourSoFar", "Sight", "Signs", "note"]
