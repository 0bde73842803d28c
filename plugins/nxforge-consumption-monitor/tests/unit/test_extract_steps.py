"""What each step makes of a page."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from nxforge_consumption_monitor.extract import (
    Extraction,
    ExtractionError,
    Page,
    decode_rules,
    explain,
    extract,
)

WH = {"step": "unit", "fixed": "Wh"}
KWH = {"step": "unit", "fixed": "kWh"}


def energy(body: str | bytes, *steps: dict[str, Any], content_type: str = "") -> Any:
    """Return the extraction of one energy rule."""
    data = body.encode() if isinstance(body, str) else body
    rules = decode_rules([{"quantity": "energy", "steps": list(steps)}])
    return extract(rules, Page(data, content_type))


def kwh(body: str | bytes, *steps: dict[str, Any], content_type: str = "") -> Decimal:
    """Return the energy of one rule, which must be there."""
    found: Extraction = energy(body, *steps, content_type=content_type)
    assert found.energy_kwh is not None
    return found.energy_kwh


def outcome(body: str | bytes, *steps: dict[str, Any], content_type: str = "") -> str:
    """Return the word for why a page has no energy; the error must help."""
    with pytest.raises(ExtractionError) as raised:
        energy(body, *steps, content_type=content_type)
    assert raised.value.message
    assert raised.value.remedy
    return raised.value.outcome


def path(text: str, **more: object) -> dict[str, Any]:
    """Return a json step."""
    return {"step": "json", "path": text, **more}


def label(text: str, **more: object) -> dict[str, Any]:
    """Return a label step."""
    return {"step": "label", "label": text, **more}


DATA = '{"em:0": {"x": 5}, "a": [{"k": "x", "v": 1.50}, {"k": 7, "v": 2}], "n": null}'


@pytest.mark.parametrize(
    ("step", "value"),
    [
        (path('["em:0"].x'), "5"),
        (path("['em:0'].x"), "5"),
        (path("a[0].v"), "1.5"),
        (path("a[-1].v"), "2"),
        (path("a[*].v", select="sum"), "3.5"),
        (path("a[*].v", select="max"), "2"),
        (path("a[*].v", select="min"), "1.5"),
        (path("a[*].v", select="first"), "1.5"),
        (path("a[*].v", select="last"), "2"),
        (path("a[*].v", select="count"), "2"),
        (path("a", select="count"), "2"),
        (path("a[?k==x].v"), "1.5"),
        (path('a[?k=="x"].v'), "1.5"),
        (path("a[?k==7].v"), "2"),
        (path("$.a[?@.v > 1.5].v"), "2"),
        (path("$.a[0,1].v", select="sum"), "3.5"),
        (path("n", default="3"), "3"),
        (path("missing.key", default=4), "4"),
        (path("a[*].w", default="6", select="sum"), "6"),
    ],
)
def test_json_path_selects(step: dict[str, Any], value: str) -> None:
    """Both spellings of a path find the value, which keeps its digits."""
    assert kwh(DATA, step, KWH) == Decimal(value)


@pytest.mark.parametrize(
    ("body", "step", "word"),
    [
        (DATA, path("b.c"), "selector_missing"),
        (DATA, path("n"), "no_number"),
        (DATA, path("a[*].v"), "ambiguous_number"),
        (DATA, path("a"), "no_number"),
        (DATA, path("a[*].k", select="sum"), "no_number"),
        ('{"a": true}', path("a"), "no_number"),
        ('{"a": "x x x"}', path("a"), "no_number"),
        ('{"a": NaN}', path("a"), "no_number"),
        ('{"a": 1e30}', path("a"), "sanity"),
        ('{"a": 1e999999999999999999999}', path("a"), "no_number"),
        ('{"a": 12', path("a"), "decode"),
        ('{"a": 1} more', path("a"), "decode"),
        ('"text"', path("a"), "selector_missing"),
        ("<html>Not Found</html>", path("a"), "unexpected_content"),
        ("   ", path("a"), "unexpected_content"),
        ("[" * 300_000, path("a"), "too_complex"),
        (f"[{'1,' * 20_000}1]", path("[*]"), "too_complex"),
    ],
)
def test_json_failure_has_its_word(body: str, step: dict[str, Any], word: str) -> None:
    """Whatever is wrong with JSON or a path, the outcome says it and nothing is 0."""
    assert outcome(body, step, KWH) == word


def test_json_text_is_read_with_its_unit() -> None:
    """A device that sends "12.5 kWh" as text needs no fixed unit."""
    assert kwh('{"e": "1 234,5 Wh"}', path("e")) == Decimal("1.2345")


def test_json_inside_of_a_script_is_found() -> None:
    """Data that a page hides in a script is read without a browser."""
    page = '<p>x<script id="d">var data = {"e": 12.5, "t": [1]}; run(data);</script>'

    assert kwh(page, path("e", fromScript="#d"), KWH) == Decimal("12.5")
    assert (
        outcome("<script>var x;</script>", path("e", fromScript="script")) == "decode"
    )


PAGE = """<!DOCTYPE html><title>Meter 7</title>
<div id=top>Total <b>never</b></div>
<table class=m>
 <tr><th>Phase</th><th>Voltage</th><th>Energy</th></tr>
 <tr><td>L1</td><td>230 V</td><td> 1.234,5 kWh</td></tr>
 <tr><td colspan=2>Gesamt<b>energie</b>:</td><td data-raw="8206067">8.206,067 kWh</td>
</table>
<dl><dt>Today</dt><dd>3.5 kWh</dd></dl>
<p><b>Export:</b> 7.25 kWh<br>8</p>
<span>Import</span> <span>9.75&nbsp;kWh</span>
<label>Old</label><input value="4.5 kWh">
<pre>
Counter = 11.5 kWh
</pre>"""


@pytest.mark.parametrize(
    ("steps", "value"),
    [
        ([label("gesamtenergie")], "8206.067"),
        ([label("Gesamt", match="contains")], "8206.067"),
        ([label("^Ge.*gie", match="regex")], "8206.067"),
        ([label("L1", nth=2)], "1234.5"),
        ([label("1.234,5 kWh", direction="below")], "8206.067"),
        ([label("Energy", direction="below", within="table.m")], "1234.5"),
        ([label("230 V")], "1234.5"),
        ([label("Today")], "3.5"),
        ([label("Export")], "7.25"),
        ([label("Import")], "9.75"),
        ([label("Old")], "4.5"),
        ([{"step": "css", "selector": "td", "index": -1}], "8206.067"),
        (
            [{"step": "css", "selector": "[data-raw]", "attribute": "data-raw"}, WH],
            "8206.067",
        ),
        ([{"step": "css", "selector": 'dt:lexbor-contains("Today") + dd'}], "3.5"),
        ([{"step": "css", "selector": "p", "ownText": True}], "7.25"),
        (
            [
                {"step": "css", "selector": "pre"},
                {"step": "kv", "key": "Counter", "separator": "="},
            ],
            "11.5",
        ),
        ([{"step": "regex", "pattern": r"Counter = (\S+ kWh)"}], "11.5"),
    ],
)
def test_html_value_is_found(steps: list[dict[str, Any]], value: str) -> None:
    """Labels, selectors and patterns lead to the number beside, below or inside."""
    assert kwh(PAGE, *steps) == Decimal(value)


def test_label_to_the_left_is_found() -> None:
    """A value may stand before its label."""
    page = "<table><tr><td>5 kWh</td><td>Total</td></tr></table>"

    assert kwh(page, label("Total", direction="left")) == 5


@pytest.mark.parametrize(
    ("body", "step", "word"),
    [
        (PAGE, {"step": "css", "selector": "td.none"}, "selector_missing"),
        (PAGE, {"step": "css", "selector": "td"}, "ambiguous_number"),
        (PAGE, {"step": "css", "selector": "td", "index": 99}, "selector_missing"),
        (
            PAGE,
            {"step": "css", "selector": "dl", "attribute": "x"},
            "selector_missing",
        ),
        (PAGE, label("Missing"), "selector_missing"),
        (PAGE, label("Energy"), "selector_missing"),
        (PAGE, {"step": "regex", "pattern": "Z(\\d)"}, "selector_missing"),
        (PAGE, {"step": "kv", "key": "1.8.0"}, "unexpected_content"),
        (PAGE, {"step": "number"}, "unexpected_content"),
        ('{"a": 1}', {"step": "css", "selector": "td"}, "unexpected_content"),
        ('{"a": 1}', label("Total"), "unexpected_content"),
        ("x" * 300_000, {"step": "regex", "pattern": "y"}, "too_large"),
    ],
)
def test_html_failure_has_its_word(body: str, step: dict[str, Any], word: str) -> None:
    """What a selector does not find is an error that names it."""
    assert outcome(body, step) == word


def test_label_that_stands_twice_is_refused() -> None:
    """Two labels with different values are no answer; `within` chooses one."""
    page = (
        "<table id=a><tr><td>Total<td>1 kWh</table>"
        "<table id=b><tr><td>Total<td>2 kWh</table>"
    )

    assert outcome(page, label("Total")) == "ambiguous_number"
    assert kwh(page, label("Total", within="#b")) == 2


def test_text_of_blocks_does_not_run_together() -> None:
    """12 in one line and 345 in the next are not 12345."""
    css = {"step": "css", "selector": "td"}

    assert kwh("<table><tr><td>12<br>345</table>", css, KWH) == 12
    assert kwh("<table><tr><td><div>12</div>345</table>", css, KWH) == 12
    assert kwh("<table><tr><td><b>1</b><b>2</b></table>", css, KWH) == 12


TELEGRAM = "/X\r\n0-1:24.2.1(161129200000W)(00981.443*kWh)\r\n1-0:1.8.0*255(7*kWh)\r\n!"


def test_obis_values_are_found() -> None:
    """A code is found with and without its ending, a second value by its index."""
    assert kwh(TELEGRAM, {"step": "kv", "key": "1-0:1.8.0"}) == 7
    assert kwh(TELEGRAM, {"step": "kv", "key": "1-0:1.8.0*255"}) == 7
    second = {"step": "kv", "key": "0-1:24.2.1", "index": -1}
    assert kwh(TELEGRAM, second) == Decimal("981.443")
    assert outcome(TELEGRAM, {"step": "kv", "key": "1-0:2.8.0"}) == "selector_missing"
    assert outcome(TELEGRAM, second | {"index": 5}) == "selector_missing"


def test_charset_is_found_out() -> None:
    """Header, meta element, byte order mark and windows-1252 lead to the same text."""
    step = label("Zählerstand")
    page = "<table><tr><td>Zählerstand<td>5 kWh</table>"
    meta = f"<meta charset=iso-8859-1>{page}"

    assert kwh(page.encode("cp1252"), step) == 5
    assert kwh(page.encode(), step) == 5
    assert kwh(page.encode("utf-8-sig"), step) == 5
    assert kwh(page.encode("utf-16"), step) == 5
    assert kwh(meta.encode("cp1252"), step) == 5
    assert kwh(page.encode("cp1252"), step, content_type="text/html; charset=x") == 5
    latin = "text/html; charset=ISO-8859-1"
    assert kwh(page.encode("cp1252"), step, content_type=latin) == 5


def test_charset_pinned_wrongly_is_told() -> None:
    """Bytes that are not of the pinned character set, and binary data, are errors."""
    pinned = {"step": "decode", "charset": "utf-8"}
    body = "Zähler 5 kWh".encode("cp1252")

    assert outcome(body, pinned, {"step": "number"}) == "decode"
    assert outcome(b"\x89PNG\r\n\x00\x01", {"step": "number"}) == "decode"
    assert kwh(body, {"step": "decode", "charset": "windows-1252"}) == 5


@pytest.mark.parametrize(
    ("body", "steps", "word"),
    [
        ("12.5", [], "unit"),
        ("12.5 m3", [], "unit"),
        ("12.5 mwh", [], "unit"),
        ("12.5 VA", [], "unit"),
        ("1,234 kWh", [], "ambiguous_number"),
        ("999999999999999 kWh", [], "sanity"),
    ],
)
def test_number_without_meaning_is_refused(
    body: str, steps: list[dict[str, Any]], word: str
) -> None:
    """A number without a unit, or that can be read twice, is not stored."""
    assert outcome(body, {"step": "number"}, *steps) == word


def test_unit_in_the_text_that_differs_is_a_warning() -> None:
    """The rule wins over the page's unit, and says so."""
    found = energy("12.5 kWh", WH)

    assert found.energy_kwh == Decimal("0.0125")
    assert found.warnings == ("unit_differs",)


def test_scale_and_sign_change_the_number() -> None:
    """A transformer's ratio multiplies, a meter mounted backwards is turned."""
    steps = [{"step": "scale", "factor": "40"}, {"step": "sign"}, KWH]

    found = energy("12.50", *steps)

    assert found.energy_kwh == -500
    assert found.resolution_kwh == Decimal("0.4")


def test_combine_adds_terms_of_different_units() -> None:
    """Each term brings its own unit; one behind the sum serves all."""
    body = '{"a": "1 kWh", "b": "500 Wh", "c": 2, "d": 3}'

    def both(first: str, second: str, sign: str) -> dict[str, Any]:
        terms = [{"steps": [path(first)]}, {"steps": [path(second)], "sign": sign}]
        return {"step": "combine", "terms": terms}

    assert kwh(body, both("a", "b", "+")) == Decimal("1.5")
    assert kwh(body, both("d", "c", "-"), KWH) == 1
    assert outcome(body, both("c", "d", "+")) == "unit"
    assert outcome(body, both("c", "missing", "+"), KWH) == "selector_missing"


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({"path": "n", "operator": ">", "value": 0}, True),
        ({"path": "n", "operator": ">=", "value": 2.5}, True),
        ({"path": "n", "operator": "<", "value": 2.5}, False),
        ({"path": "n", "operator": "==", "value": 2.5}, True),
        ({"path": "n", "operator": "!=", "value": 1}, True),
        ({"path": "ok", "operator": "==", "value": True}, True),
        ({"path": "ok", "operator": "==", "value": 1}, False),
        ({"path": "s", "operator": "==", "value": "on"}, True),
        ({"path": "s", "operator": ">", "value": 1}, False),
        ({"path": "z", "operator": "==", "value": None}, True),
        ({"path": "z", "operator": "exists"}, False),
        ({"path": "gone", "operator": "exists"}, False),
        ({"path": "l[*]", "operator": "==", "value": True}, False),
    ],
)
def test_guard_decides_whether_there_is_a_value(
    condition: dict[str, Any],
    holds: bool,  # noqa: FBT001 - a table of cases
) -> None:
    """A condition that does not hold makes the value unavailable, never zero."""
    body = '{"n": 2.5, "ok": true, "s": "on", "z": null, "e": 1, "l": [true, false]}'
    steps = [{"step": "guard", **condition}, path("e"), KWH]
    if holds:
        assert kwh(body, *steps) == 1
        return

    assert outcome(body, *steps) == "no_number"


def test_status_decides_before_the_content() -> None:
    """A refused login and an error page are told by their status."""
    rules = decode_rules([{"quantity": "energy", "steps": [{"step": "number"}]}])
    words = {}
    for status in (401, 403, 404, 500):
        with pytest.raises(ExtractionError) as raised:
            extract(rules, Page(b"5 kWh", "text/plain", status))
        words[status] = raised.value.outcome

    assert words == {401: "auth", 403: "auth", 404: "http_status", 500: "http_status"}


@pytest.mark.parametrize(
    ("demand", "body"),
    [
        ({"content": "json"}, "<html>"),
        ({"content": "html"}, "5 kWh"),
        ({"content": "text"}, "<html>"),
        ({"marker": "Production"}, "Please log in"),
    ],
)
def test_expected_content_is_checked(demand: dict[str, Any], body: str) -> None:
    """A page that is not the expected one is refused before any rule runs."""
    source = {"rules": [{"quantity": "energy", "steps": [{"step": "number"}]}]}
    rules = decode_rules(source | demand)

    with pytest.raises(ExtractionError) as raised:
        extract(rules, Page(body.encode()))

    assert raised.value.outcome == "unexpected_content"
    told = explain(rules, Page(body.encode()))
    assert told.error is not None
    assert told.error.outcome == "unexpected_content"


def test_only_missing_values_are_an_error() -> None:
    """A page without any of the optional values is a failed poll, not an empty one."""
    rules = decode_rules([{"quantity": "pf", "steps": [path("pf")], "required": False}])

    with pytest.raises(ExtractionError) as raised:
        extract(rules, Page(b"{}"))

    assert raised.value.outcome == "selector_missing"
    assert extract(rules, Page(b'{"pf": 0.98}')).power_factor == Decimal("0.98")


def test_explain_shows_each_step_up_to_the_one_that_failed() -> None:
    """The dry run shows what every step got and gave, and why the last one failed."""
    rules = decode_rules(
        [{"quantity": "energy", "steps": [path("e"), {"step": "number"}]}]
    )

    told = explain(rules, Page(b'{"e": "1,234 kWh"}')).rules[0]

    assert [(s.input, s.output) for s in told.steps] == [
        ("the page", '"1,234 kWh"'),
        ('"1,234 kWh"', ""),
    ]
    assert told.error is not None
    assert told.error.outcome == "ambiguous_number"
    assert "comma" in told.error.remedy
