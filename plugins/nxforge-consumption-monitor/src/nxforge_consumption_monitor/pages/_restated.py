"""What a decision changes of days and months, as rows."""

from __future__ import annotations

from typing import Final

from nxforge_consumption_monitor.restate import Restatement
from nxforge_core.api import ui

__all__ = ["CHANGE_COLUMNS", "change_rows"]

CHANGE_COLUMNS: Final = (
    ui.Column("grain", "Of"),
    ui.Column("start", "From", "time"),
    ui.Column("before", "Now", "number", "kWh", places=3),
    ui.Column("after", "Then", "number", "kWh", places=3),
    ui.Column("state", "Lock"),
)


def change_rows(found: Restatement) -> list[dict[str, object]]:
    """Days and months with another energy."""
    return [
        {
            "grain": each.grain,
            "start": each.start,
            "before": each.before_kwh,
            "after": each.after_kwh,
            "state": ui.State("locked", "warning", "becomes a line of a later month")
            if each.locked
            else "",
        }
        for each in found.changes
    ]
