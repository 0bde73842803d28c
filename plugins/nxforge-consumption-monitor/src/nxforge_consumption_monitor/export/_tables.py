"""The tables of a report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from nxforge_consumption_monitor.billing import Bill
from nxforge_consumption_monitor.models import MonthLine

from ._cells import Cell, Table
from ._paper import Paper

__all__ = ["PARTS", "cost_rows", "paper_tables", "part_of"]

#: Members of `MonthLine` and the names of their columns.
_LINES: Final = {
    "endpoint_name": "endpointName",
    "client_name": "clientName",
    "location": "location",
    "external_ref": "externalRef",
    "channel": "channel",
    "tz": "timeZone",
    "start": "start",
    "end": "end",
    "hours": "hours",
    "start_register": "startRegister",
    "start_quality": "startQuality",
    "start_reading_at": "startReadingAt",
    "end_register": "endRegister",
    "end_quality": "endQuality",
    "end_reading_at": "endReadingAt",
    "energy_kwh": "energyKwh",
    "estimated_kwh": "estimatedKwh",
    "estimated_percent": "estimatedPercent",
    "adjusted_kwh": "adjustedKwh",
    "billed_kwh": "billedKwh",
    "forecast_kwh": "forecastKwh",
    "coverage": "coverage",
    "avg_kw": "avgKw",
    "peak_kw_15m": "peakKw15m",
    "peak_at": "peakAt",
    "load_factor": "loadFactor",
    "previous_kwh": "previousKwh",
    "previous_change": "previousChangePercentPerHour",
    "last_year_kwh": "lastYearKwh",
    "last_year_change": "lastYearChangePercentPerHour",
    "events": "events",
    "revision": "revision",
    "is_open": "isOpen",
    "locked": "locked",
}
_SEGMENTS: Final = (
    "endpointName",
    "channel",
    "serial",
    "start",
    "end",
    "beganBy",
    "startRegister",
    "endRegister",
    "multiplier",
    "energyKwh",
)
_COST: Final = ("tariff", "row", "start", "end", "quantity", "price", "amount")
_DAYS: Final = ("day", "energyKwh", "estimatedKwh")
#: What a file for programs may hold: one of them.
PARTS: Final = ("lines", "segments", "days", "cost")


def paper_tables(paper: Paper) -> list[Table]:
    """All tables of a report, its head first and its notes last."""
    parts = [part_of(paper, part) for part in PARTS]
    return [
        Table(name="report", columns=("member", "value"), rows=list(paper.facts())),
        *(table for table in parts if table.rows),
        Table(name="notes", columns=("note",), rows=[[n] for n in _notes(paper)]),
    ]


def part_of(paper: Paper, part: str) -> Table:
    """One table of a report: `lines`, `segments`, `days` or `cost`."""
    match part:
        case "segments":
            return Table(name=part, columns=_SEGMENTS, rows=list(_segments(paper)))
        case "days":
            rows = [[d.day, d.energy_kwh, d.estimated_kwh] for d in paper.days]
            return Table(name=part, columns=_DAYS, rows=rows)
        case "cost":
            return Table(name=part, columns=_COST, rows=list(cost_rows(paper)))
    lines = [[_cell(line, name) for name in _LINES] for line in paper.lines]
    return Table(name="lines", columns=list(_LINES.values()), rows=lines)


def _notes(paper: Paper) -> list[str]:
    error = paper.cost_error
    return [*paper.notes, f"No cost: {error.message}."] if error else paper.notes


def _cell(line: MonthLine, name: str) -> Cell:
    if name == "adjusted_kwh":
        return sum((each.energy_kwh for each in line.adjustments), Decimal(0))
    for compared in line.comparisons:
        before = "previous" if compared.with_ == "previous" else "last_year"
        if name == f"{before}_kwh":
            return compared.energy_kwh
        if name == f"{before}_change":
            return compared.change_percent_per_hour
    cell: Cell = getattr(line, name, None)
    return cell


def _segments(paper: Paper) -> Iterator[Sequence[Cell]]:
    for line in paper.lines:
        for each in line.segments:
            yield (
                line.endpoint_name,
                line.channel,
                each.serial,
                each.start,
                each.end,
                each.began_by,
                each.start_register,
                each.end_register,
                each.multiplier,
                each.energy_kwh,
            )


def cost_rows(paper: Paper) -> Iterator[Sequence[Cell]]:
    """The lines of all bills, each bill with its net, tax and total."""
    for joint in paper.cost.bills if paper.cost else ():
        yield from _bill(joint.bill)


def _bill(bill: Bill) -> Iterator[Sequence[Cell]]:
    name, span = f"{bill.tariff} ({bill.currency})", (bill.start, bill.end)
    for line in (*bill.lines, *bill.corrections):
        yield name, line.row, line.start, line.end, line.kwh, line.price, line.amount
    for fee in (*bill.fixed, *bill.demand):
        yield name, fee.row, fee.start, fee.end, fee.quantity, fee.price, fee.amount
    for pue in bill.pue:
        yield name, "PUE", *span, pue.kwh, pue.factor, None
    yield name, "net", *span, None, None, bill.net
    for tax in bill.tax:
        yield name, f"tax {tax.percent:f} %", *span, tax.net, None, tax.amount
    yield name, "total", *span, None, None, bill.total
