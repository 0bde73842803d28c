"""Files say what the cells say: exact numbers, and no text that computes."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nxforge_consumption_monitor.export import (
    Cell,
    Table,
    csv_tables,
    decode_dialect,
    file_name,
)
from nxforge_consumption_monitor.export._chart import chart_of
from nxforge_consumption_monitor.export._paper import DayBar
from nxforge_consumption_monitor.export._xlsx import xlsx_tables
from nxforge_core.api import InvalidInputError, guard_cell

_ZONE: Final = ZoneInfo("Europe/Bucharest")
_MIDNIGHT: Final = datetime(2025, 2, 28, 22, tzinfo=UTC)
_ROW: Final[tuple[Cell, ...]] = (
    "=1+1",
    Decimal("-1234.56789012345678"),
    True,
    None,
    _MIDNIGHT,
    date(2025, 3, 1),
    7,
)
_TABLE: Final = Table(
    name="lines",
    columns=("endpointName", "energyKwh", "isOpen", "gap", "start", "day", "events"),
    rows=[_ROW],
)


def _read(raw: bytes, delimiter: str = ",") -> list[list[str]]:
    text = io.StringIO(raw.decode("utf-8-sig"), newline="")
    return list(csv.reader(text, delimiter=delimiter))


def test_file_for_programs_has_every_digit_and_utc() -> None:
    """Names of the API, a decimal point, instants with Z, negative numbers as such."""
    dialect = decode_dialect("machine", "de", None, _ZONE)
    head, row = _read(csv_tables([_TABLE], dialect))
    assert head == list(_TABLE.columns)
    assert row == [
        "'=1+1",
        "-1234.56789012345678",
        "true",
        "",
        "2025-02-28T22:00:00Z",
        "2025-03-01",
        "7",
    ]


def test_file_for_people_is_written_as_they_write() -> None:
    """A decimal comma, three digits half up, local time, a mark for spreadsheets."""
    dialect = decode_dialect("human", "ro-RO", None, _ZONE)
    raw = csv_tables([_TABLE], dialect)
    assert raw.startswith("\ufeff".encode())
    head, row = _read(raw, ";")
    assert head[:2] == ["Endpoint name", "Energy (kWh)"]
    assert row[1:5] == ["-1234,568", "yes", "", "2025-03-01 00:00+02:00"]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "\r=1"])
def test_text_that_could_be_a_formula_gets_an_apostrophe(text: str) -> None:
    """All six beginnings; anything else stays as it is."""
    assert guard_cell(text) == f"'{text}"
    assert guard_cell(f"a{text}") == f"a{text}"


@given(st.text(max_size=20), st.decimals(allow_nan=False, allow_infinity=False))
def test_csv_gives_back_what_went_in(text: str, number: Decimal) -> None:
    """Whatever a name holds: quotes, line ends and delimiters included."""
    dialect = decode_dialect("machine", "en", ";", _ZONE)
    table = Table(name="t", columns=("a", "b"), rows=[(text, number)])
    _, row = _read(csv_tables([table], dialect), ";")
    assert row[0] == guard_cell(text)
    assert Decimal(row[1]) == number


def test_workbook_has_numbers_as_numbers_and_formulas_as_text() -> None:
    """What fits a double is a number; what has more digits is text, not another."""
    table = Table(
        name="t", columns=("a", "b", "c"), rows=[("=A1", Decimal("1.5"), _ROW[1])]
    )
    with zipfile.ZipFile(io.BytesIO(xlsx_tables([table], _ZONE))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        texts = book.read("xl/sharedStrings.xml").decode()
    assert "<v>1.5</v>" in sheet
    assert "<f>" not in sheet
    assert "=A1" in texts
    assert "-1234.56789012345678" in texts


@pytest.mark.parametrize(
    ("field", "given_"),
    [
        ("mode", ("robot", "en", None)),
        ("locale", ("human", "tlh", None)),
        ("delimiter", ("human", "en", "|")),
    ],
)
def test_dialect_that_nobody_speaks_is_refused(
    field: str, given_: tuple[str, str, str | None]
) -> None:
    """The error names the member."""
    with pytest.raises(InvalidInputError) as caught:
        decode_dialect(*given_, _ZONE)
    assert caught.value.field == field


def test_file_name_holds_nothing_that_a_header_or_a_disk_could_mind() -> None:
    """Quotes, slashes and line ends of a name do not reach the header."""
    name = file_name('../"Räck\r\nSet-Cookie: a=b" 2025-03', "csv")
    assert name == "consumption-R-ck-Set-Cookie-a-b-2025-03.csv"
    assert file_name("机柜", "pdf") == "consumption-report.pdf"


def test_chart_leaves_unknown_days_empty() -> None:
    """A day without energy has no bar of height 0: it is named."""
    known = DayBar(
        day=date(2025, 3, 1), energy_kwh=Decimal(4), estimated_kwh=Decimal(1)
    )
    unknown = DayBar(day=date(2025, 3, 2), energy_kwh=None, estimated_kwh=None)
    chart = chart_of([known, unknown])
    assert chart is not None
    [bar] = chart.bars
    assert chart.missing == ["2025-03-02"]
    assert float(bar.estimated) == pytest.approx(float(bar.height) / 4, abs=0.1)
    assert chart_of([unknown]) is None
