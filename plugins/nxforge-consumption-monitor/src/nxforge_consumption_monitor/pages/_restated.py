"""What a decision changes of days and months, as rows."""

from __future__ import annotations

from typing import Final

from nxforge_consumption_monitor.restate import Restatement
from nxforge_core.api import load_texts, ui

__all__ = ["CHANGE_COLUMNS", "change_rows"]

say = load_texts(__package__)

CHANGE_COLUMNS: Final = (
    ui.Column("grain", say("Of")),
    ui.Column("start", say("From"), "time"),
    ui.Column("before", say("Now"), "number", "kWh", places=3),
    ui.Column("after", say("Then"), "number", "kWh", places=3),
    ui.Column("state", say("Lock")),
)


def change_rows(found: Restatement) -> list[dict[str, object]]:
    """Days and months with another energy."""
    return [
        {
            "grain": each.grain,
            "start": each.start,
            "before": each.before_kwh,
            "after": each.after_kwh,
            "state": ui.State(
                say("locked"), "warning", say("becomes a line of a later month")
            )
            if each.locked
            else "",
        }
        for each in found.changes
    ]
