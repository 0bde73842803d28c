"""What a plugin adds to a host, and what another version of it would change."""

from __future__ import annotations

from ._description import Described
from ._packages import packages_of
from ._plan import (
    MigrationStep,
    Part,
    Plan,
    Rehearsed,
    StepState,
    change_of,
    compare,
    grown,
)
from ._receipt import Orphan, Receipt
from ._surface import Grants, Surface, grants_of, surface_of

__all__ = [
    "Described",
    "Grants",
    "MigrationStep",
    "Orphan",
    "Part",
    "Plan",
    "Receipt",
    "Rehearsed",
    "StepState",
    "Surface",
    "change_of",
    "compare",
    "grants_of",
    "grown",
    "packages_of",
    "surface_of",
]
