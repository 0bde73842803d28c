"""Names that want to be more than names, in every file that leaves the monitor."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final
from xml.etree import ElementTree as ET

import pytest
from hostile import FORMULAS, MARKUP, TERMINAL
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from nxforge_consumption_monitor import routes
from nxforge_consumption_monitor.routes import ROUTES
from nxforge_core.api import guard_cell

ALL: Final = (*FORMULAS, *MARKUP[::3], *TERMINAL[::2])
_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d")
_NAMED: Final = re.compile(r'(attachment|inline); filename="[A-Za-z0-9.-]+"\Z')
_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
#: Of a report, whatever its names are.
TAGS: Final = frozenset(
    "!doctype html head meta title style body h1 h2 p dl dt dd ul li table thead tbody "  # noqa: SIM905 - shorter
    "tr th td svg g rect text line".split()
)
_RULES: Final = {
    "quantity": "energy",
    "steps": [{"step": "json", "path": "kwh"}, {"step": "unit", "fixed": "kWh"}],
}


@pytest.fixture
async def named(monitor: Any) -> Any:
    """A monitor with an endpoint of each name, all read twice within March."""
    monitor.clock.instant = datetime(2025, 3, 1, tzinfo=UTC)
    places = {"url": "http://meter.test/", "rules": [_RULES], "interval_s": 86_400}
    for text in ALL:
        await monitor.add(text, location=text, client_name=text, **places)
    ids = tuple(each.id for each in await routes.list_endpoints(monitor.ctx))
    for kwh in (100, 102):
        body = f'{{"kwh": {kwh}}}'
        monitor.http.serve("http://meter.test/", body, "application/json")
        await monitor.round(endpoint_ids=ids)
        monitor.clock.pass_by(days=20)
    return monitor


async def _file(path: str, *args: Any, **given: Any) -> Any:
    [route] = [each for each in ROUTES if each.path == path and each.method == "GET"]
    answer = await route.handler(*args, **given)  # type: ignore[misc]  # any route
    assert _NAMED.match(answer.headers["content-disposition"])
    return answer


def _rows(raw: bytes) -> list[list[str]]:
    """Rows of a table whose rows are all as wide as the first."""
    text = io.StringIO(raw.decode("utf-8-sig"), newline="")
    rows = list(csv.reader(text))
    assert {len(row) for row in rows} == {len(rows[0])}
    return rows


def _computing(rows: Iterable[Iterable[str]]) -> list[str]:
    cells = (cell.lstrip(" ") for row in rows for cell in row)
    return [cell for cell in cells if cell.startswith(_STARTS) and not _is_number(cell)]


def _is_number(cell: str) -> bool:
    return re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", cell) is not None


async def test_tables_have_a_row_for_each_and_compute_nothing(named: Any) -> None:
    """No name begins a cell, a column or a row of its own."""
    given = {"given_id": "all", "month": "2025-03"}
    group = await _file("/reports/group/{given_id:str}.csv", named.ctx, **given)
    export = await routes.export_endpoints(named.ctx, "csv")
    quality = await _file("/quality.csv", named.ctx)
    reports = _rows(bytes(group.content))
    endpoints = _rows(bytes(export.content))

    assert {row[reports[0].index("endpointName")] for row in reports[1:]} == set(
        map(guard_cell, ALL)
    )
    assert {row[0] for row in endpoints[1:]} == set(map(guard_cell, ALL))
    assert _computing([*reports, *endpoints, *_rows(bytes(quality.content))]) == []


async def test_workbook_has_no_formula_and_no_link(named: Any) -> None:
    """Each name is a text in it, whole."""
    given = {"given_id": "all", "month": "2025-03"}
    answer = await _file("/reports/group/{given_id:str}.xlsx", named.ctx, **given)
    with zipfile.ZipFile(io.BytesIO(bytes(answer.content))) as book:
        trees = [
            ET.fromstring(book.read(name))  # noqa: S314 - our own
            for name in book.namelist()
            if name.endswith(".xml")
        ]
        others = [name for name in book.namelist() if "_rels/sheet" in name]
    found = [node.tag.removeprefix(_MAIN) for tree in trees for node in tree.iter()]
    texts = {node.text for tree in trees for node in tree.iter(f"{_MAIN}t")}

    assert not {"f", "hyperlink", "externalReference"} & set(found)
    assert others == []
    assert {"=1+1", "<script>alert(1)</script>"} <= texts


async def test_page_to_print_has_nothing_but_text(named: Any) -> None:
    """The same elements and attributes as a page without any of these names."""
    given = {"given_id": "all", "month": "2025-03"}
    answer = await _file("/reports/group/{given_id:str}.html", named.ctx, **given)
    page = bytes(answer.content).decode()
    tags = set(re.findall(r"<([a-z0-9!]+)", page, re.IGNORECASE))

    assert tags <= TAGS
    assert not re.search(r"<[^>]*\s(on\w+|src|href|style)\s*=", page, re.IGNORECASE)
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") > 0


async def test_metrics_have_a_line_for_each_and_none_more(named: Any) -> None:
    """A name with line breaks and quotes is a label, and is read back as it was."""
    text = (await routes.metrics(named.ctx)).content.decode()
    families = text_string_to_metric_families(text)
    names = {
        sample.labels["endpoint"]
        for family in families
        for sample in family.samples
        if "endpoint" in sample.labels
    }

    assert all(line.startswith(("#", "consumption_")) for line in text[:-1].split("\n"))
    assert names == set(ALL)
