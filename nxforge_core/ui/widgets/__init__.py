"""Widgets: each has a module that asks its source and makes its part of the tree."""

from __future__ import annotations

from ._chart import chart_content
from ._show import may_see, show_body, show_card
from ._table import table_rows

__all__ = ["chart_content", "may_see", "show_body", "show_card", "table_rows"]
