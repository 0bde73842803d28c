"""Charts: their content as numbers, and the drawing that needs no script."""

from __future__ import annotations

from ._content import BadSeriesError, ChartData, LineData, chart_data, from_zero
from ._svg import HEIGHTS, draw_chart

__all__ = [
    "HEIGHTS",
    "BadSeriesError",
    "ChartData",
    "LineData",
    "chart_data",
    "draw_chart",
    "from_zero",
]
