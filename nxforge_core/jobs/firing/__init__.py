"""From a slot, or from a wish, to a queued run; and how a run is called off."""

from __future__ import annotations

from ._cancel import cancel_run
from ._family import insert_shards
from ._fire import Wish, fire_manual
from ._planner import Planner
from ._rerun import FindJob, Only, rerun

__all__ = [
    "FindJob",
    "Only",
    "Planner",
    "Wish",
    "cancel_run",
    "fire_manual",
    "insert_shards",
    "rerun",
]
