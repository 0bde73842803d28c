"""Power and energy over time, for charts and files."""

from __future__ import annotations

from ._ask import SeriesQuery
from ._series import series

__all__ = ["SeriesQuery", "series"]
