"""A report as one page for the screen, the printer and the browser that makes PDFs."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ._cells import Cell, Table
from ._chart import chart_of
from ._dialect import Dialect, heading
from ._paper import Paper
from ._tables import PARTS, part_of

__all__ = ["css_text", "html_page"]

#: A page is narrower than a table of a program.
_WANTED: Final = frozenset(
    {
        "endpointName",
        "channel",
        "startRegister",
        "startQuality",
        "endRegister",
        "endQuality",
        "energyKwh",
        "estimatedKwh",
        "estimatedPercent",
        "adjustedKwh",
        "billedKwh",
        "coverage",
        "avgKw",
        "peakKw15m",
        "peakAt",
        "loadFactor",
        "previousChangePercentPerHour",
        "lastYearChangePercentPerHour",
        "events",
        "revision",
    }
)


def html_page(paper: Paper, dialect: Dialect) -> str:
    """The page: nothing is loaded, nothing runs, everything is escaped."""

    def shown(cell: Cell) -> str:
        # No spreadsheet computes a page: text needs no guard here.
        return cell if isinstance(cell, str) else dialect.text(cell)

    tables = [_narrow(part_of(paper, part)) for part in PARTS]
    return (
        _environment()
        .get_template("report.html")
        .render(
            paper=paper,
            facts=[(heading(name), shown(value)) for name, value in paper.facts()],
            tables=[table for table in tables if table.rows],
            chart=chart_of(paper.days),
            css=css_text,
            known=_known(paper),
            made=f"{heading('generatedAt')}: {shown(paper.generated_at)}",
            heading=heading,
            shown=shown,
            number=dialect.text,
            is_number=lambda cell: isinstance(cell, Decimal | int),
        )
    )


def css_text(text: str) -> Markup:
    """A text as a string of a style sheet: nothing in it can end it."""
    inside = "".join(
        each if each.isascii() and each.isalnum() else f"\\{ord(each):x} "
        for each in text
    )
    return Markup(f'"{inside}"')  # noqa: S704 - only letters, digits and escapes


def _known(paper: Paper) -> str:
    """How much of the month is known, of all main channels together."""
    shares = [each.coverage for each in paper.lines if each.channel == "total"]
    if not shares:
        return ""
    return f"{sum(shares, Decimal(0)) / len(shares) * 100:.1f} % known"


def _narrow(table: Table) -> Table:
    if table.name != "lines":
        return table
    places = [at for at, name in enumerate(table.columns) if name in _WANTED]
    return Table(
        name=table.name,
        columns=[table.columns[at] for at in places],
        rows=[[row[at] for at in places] for row in table.rows],
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("nxforge_consumption_monitor.export"),
        autoescape=True,
        undefined=StrictUndefined,
    )
