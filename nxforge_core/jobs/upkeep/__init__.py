"""What keeps the tables true and lean: lost runs, stray deliveries, retention."""

from __future__ import annotations

from ._keep import delete_old_runs
from ._reaper import Reaper
from ._stray import MOST_WAIT, end_strays

__all__ = ["MOST_WAIT", "Reaper", "delete_old_runs", "end_strays"]
