"""Reports, series and readings as files: the same figures, safe to open."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

import pytest

from nxforge_consumption_monitor import routes
from nxforge_consumption_monitor.export import endpoint_paper
from nxforge_consumption_monitor.report import make_reports
from nxforge_consumption_monitor.report._stored import ReportParams
from nxforge_consumption_monitor.routes import ROUTES
from nxforge_core.api import BrowserMissingError, InvalidInputError, UnknownItemError

_NAME: Final = "=cmd|'<script>alert(1)</script>'"
_START: Final = datetime(2025, 3, 1, tzinfo=UTC)


def _handler(path: str) -> Any:
    [route] = [each for each in ROUTES if each.path == path]
    return route.handler


async def _text(path: str, *args: Any, **given: Any) -> str:
    answer = await _handler(path)(*args, **given)
    return bytes(answer.content).decode("utf-8-sig")


@pytest.fixture
async def month(monitor: Any) -> Any:
    """A monitor whose endpoint with a hostile name has a March of 2 kWh a day."""
    monitor.clock.instant = _START
    view = await monitor.add("a", tz="UTC", interval_s=86_400)
    for day in range(33):
        monitor.show("a", f"{1000 + 2 * day}.{day:06}")
        await monitor.round()
        monitor.clock.pass_by(days=1)
    await monitor.pool.execute("update endpoint set name = $1", _NAME)
    monitor.view = view
    return monitor


async def test_csv_of_a_month_has_every_digit_of_the_report(month: Any) -> None:
    """Registers included; a name that could be a formula is text."""
    report = await routes.monthly(month.ctx, month.view.id, month="2025-03")
    raw = await _text(
        "/monthly/{given_id:str}.csv",
        month.ctx,
        given_id=month.view.id,
        month="2025-03",
    )
    [row] = csv.DictReader(io.StringIO(raw))
    [line] = report.lines
    assert row["endpointName"] == "'" + _NAME
    assert Decimal(row["energyKwh"]) == line.energy_kwh == Decimal("62.000031")
    assert Decimal(row["startRegister"]) == line.start_register
    assert Decimal(row["endRegister"]) == line.end_register
    assert row["endReadingAt"] == "2025-04-01T00:00:00Z"


@pytest.mark.parametrize("part", ["segments", "days", "cost"])
async def test_parts_of_a_month_are_tables_of_their_own(month: Any, part: str) -> None:
    """Days add up to the month, segments too; without a tariff there is no cost."""
    raw = await _text(
        "/monthly/{given_id:str}.csv",
        month.ctx,
        given_id=month.view.id,
        month="2025-03",
        part=part,
    )
    rows = list(csv.DictReader(io.StringIO(raw)))
    if part == "cost":
        assert rows == []
        return
    assert sum(Decimal(row["energyKwh"]) for row in rows) == Decimal("62.000031")
    assert len(rows) == (31 if part == "days" else 1)


async def test_page_is_whole_escaped_and_runs_nothing(month: Any) -> None:
    """A name stays text; the drawing of the days has a bar for each."""
    path = "/monthly/{given_id:str}.html"
    answer = await _handler(path)(
        month.ctx, given_id=month.view.id, month="2025-03", locale="de"
    )
    page = bytes(answer.content).decode()
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert not re.search(r"(?:src|href)=", page)
    assert page.count('class="bar"') == 31
    assert "62,000" in page
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["content-disposition"] == (
        'inline; filename="consumption-cmd-script-alert-1-script-2025-03.html"'
    )


async def test_day_without_readings_is_in_the_table_and_unknown(month: Any) -> None:
    """It has no bar; it is not left out, and not 0."""
    await month.pool.execute(
        "delete from closed_rollup"
        " where grain = 'day' and start_ts = '2025-03-07T00:00Z'"
    )
    paper = await endpoint_paper(month.ctx, month.view.id, None, "2025-03")
    assert [day.day.day for day in paper.days] == list(range(1, 32))
    assert [day.day.day for day in paper.days if day.energy_kwh is None] == [7]


async def test_workbook_of_a_group_has_a_sheet_for_each_table(month: Any) -> None:
    """It opens, and the name is a string in it."""
    answer = await _handler("/reports/group/{given_id:str}.xlsx")(
        month.ctx, given_id="all", month="2025-03"
    )
    with zipfile.ZipFile(io.BytesIO(bytes(answer.content))) as book:
        sheets = book.read("xl/workbook.xml").decode()
        first = "".join(
            book.read(name).decode()
            for name in book.namelist()
            if name.startswith("xl/worksheets/sheet")
        )
    assert re.findall(r'sheet name="(\w+)"', sheets) == [
        "report",
        "lines",
        "segments",
        "days",
        "notes",
    ]
    assert "<f>" not in first


async def test_stored_report_is_a_file_of_what_was_stored(month: Any) -> None:
    """What changed since does not show."""
    await make_reports(month.job(), ReportParams(month="2025-03"))
    await month.pool.execute(
        "update closed_rollup set energy_kwh = 1 where grain = 'month'"
    )
    [stored] = await routes.list_reports(month.ctx)
    path = "/reports/{given_id:str}"
    raw = await _text(f"{path}.csv", month.ctx, given_id=str(stored.id))
    [row] = csv.DictReader(io.StringIO(raw))
    assert Decimal(row["energyKwh"]) == Decimal("62.000031")
    page = await _text(f"{path}.html", month.ctx, given_id=str(stored.id))
    assert stored.sha256 in page
    with pytest.raises(UnknownItemError):
        await _text(f"{path}.csv", month.ctx, given_id="seven")


async def test_pdf_is_the_page_as_a_browser_prints_it(month: Any) -> None:
    """What goes to the browser is the page; without one the answer is its refusal."""
    path = "/monthly/{given_id:str}"
    page = await _text(
        f"{path}.html", month.ctx, given_id=month.view.id, month="2025-03"
    )
    printer = _Printer()
    ctx = replace(month.ctx, browser=printer)
    answer = await _handler(f"{path}.pdf")(ctx, given_id=month.view.id, month="2025-03")
    assert bytes(answer.content) == b"%PDF-1.7"
    assert printer.pages == [page]
    printer.is_there = False
    with pytest.raises(BrowserMissingError) as caught:
        await _handler(f"{path}.pdf")(ctx, given_id=month.view.id, month="2025-03")
    assert (caught.value.status, caught.value.remedy) == (503, "install one")


class _Printer:
    """A browser that only prints."""

    def __init__(self) -> None:
        self.pages: list[str] = []
        self.is_there = True

    async def pdf(self, html: str) -> bytes:
        """Remember the page."""
        if not self.is_there:
            what = "there is none"
            raise BrowserMissingError(what, remedy="install one")
        self.pages.append(html)
        return b"%PDF-1.7"


async def test_readings_of_any_number_are_one_file(month: Any) -> None:
    """Page by page, each once, newest first."""
    await month.pool.execute(
        "insert into reading (endpoint_id, channel, ts, slot, power_kw, quality)"
        " select $1, 'total', $2::timestamptz - n * interval '1 second', $2, n,"
        " 'measured' from generate_series(1, 2500) n",
        month.view.id,
        _START,
    )
    answer = await _handler("/readings.csv")(month.ctx, endpoint_id=month.view.id)
    raw = b"".join([part async for part in answer.iterator])
    rows = list(csv.DictReader(io.StringIO(raw.decode())))
    assert len(rows) == 2533
    instants = [row["ts"] for row in rows]
    assert instants == sorted(set(instants), reverse=True)


async def test_series_are_rows_of_a_file(month: Any) -> None:
    """Power and energy below each other."""
    raw = await _text(
        "/series.csv",
        month.ctx,
        endpoint_ids=[month.view.id],
        from_="2025-03-01T00:00Z",
        to="2025-04-01T00:00Z",
        grain="day",
    )
    rows = list(csv.DictReader(io.StringIO(raw)))
    energy = [Decimal(row["energyKwh"]) for row in rows if row["series"] == "energy"]
    assert (len(energy), sum(energy)) == (31, Decimal("62.000031"))
    assert {row["kw"] for row in rows if row["series"] == "power"} == {"1.5"}


async def test_part_that_there_is_not_is_named(month: Any) -> None:
    """It is no empty file."""
    with pytest.raises(InvalidInputError):
        await _text(
            "/monthly/{given_id:str}.csv",
            month.ctx,
            given_id=month.view.id,
            part="everything",
        )
