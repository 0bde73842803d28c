"""A month as a table, for whoever writes files."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Final

from nxforge_consumption_monitor.models import GroupMonth, MonthLine

__all__ = ["MONTH_COLUMNS", "MonthCell", "month_rows"]

MonthCell = str | int | bool | Decimal | datetime | None

#: Names of members of `MonthLine`, in the order of the columns.
MONTH_COLUMNS: Final = (
    "endpoint_name",
    "client_name",
    "location",
    "external_ref",
    "channel",
    "tz",
    "start",
    "end",
    "hours",
    "start_register",
    "start_quality",
    "end_register",
    "end_quality",
    "energy_kwh",
    "estimated_kwh",
    "adjusted_kwh",
    "billed_kwh",
    "coverage",
    "avg_kw",
    "peak_kw_15m",
    "peak_at",
    "load_factor",
    "events",
    "revision",
    "is_open",
    "locked",
)


def month_rows(month: GroupMonth) -> Iterable[tuple[MonthCell, ...]]:
    """A row for each line, with the cells of `MONTH_COLUMNS`."""
    for line in month.lines:
        yield tuple(_cell(line, column) for column in MONTH_COLUMNS)


def _cell(line: MonthLine, column: str) -> MonthCell:
    if column == "adjusted_kwh":
        return sum((each.energy_kwh for each in line.adjustments), Decimal(0))
    cell: MonthCell = getattr(line, column)
    return cell
