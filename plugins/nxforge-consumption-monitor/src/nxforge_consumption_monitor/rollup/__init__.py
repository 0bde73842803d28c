"""Hours, days and months as a fold over the good readings of a channel; pure."""

from __future__ import annotations

from ._bucket import PointQuality, Rollup
from ._fold import GoodPoint, Plan, RollupState, advance, fold, open_rollups

__all__ = [
    "GoodPoint",
    "Plan",
    "PointQuality",
    "Rollup",
    "RollupState",
    "advance",
    "fold",
    "open_rollups",
]
