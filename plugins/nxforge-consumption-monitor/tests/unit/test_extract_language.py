"""The further steps: tables, XML, hexadecimal numbers, clocks, variants, constants."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from nxforge_consumption_monitor.collect import device_time
from nxforge_consumption_monitor.extract import (
    Extraction,
    ExtractionError,
    Page,
    RuleError,
    decode_rules,
    explain,
    extract,
)

KWH = {"step": "unit", "fixed": "kWh"}
TABLE = """<table id=t>
<tr><th>Outlet</th><th>Power</th><th colspan=2>Energy</th><th>State</th></tr>
<tr><td rowspan=2>A1</td><td>120 W</td><td>10.5 kWh</td><td>x</td><td>on</td></tr>
<tr><td>80 W</td><td>11.5 kWh</td><td>y</td><td>off</td></tr>
<tr><td>Total</td><td>200 W</td><td>22.0 kWh</td><td></td><td></td></tr>
</table>"""
XML = """<?xml version="1.0" encoding="ISO-8859-1"?>
<d:list xmlns:d="urn:x"><d:dev id="a 1"><d:wh unit="Wh">1500</d:wh></d:dev>
<d:dev id="b"><d:wh unit="Wh">2500</d:wh><!-- 9 --></d:dev></d:list>"""
EAGLE = (
    "<R><Demand>0xffffd8</Demand><Multiplier>0x00000000</Multiplier>"
    "<Divisor>0x000003e8</Divisor></R>"
)


def found(body: str | bytes, *steps: dict[str, Any], quantity: str = "energy") -> Any:
    """Return the extraction of one rule."""
    data = body.encode() if isinstance(body, str) else body
    rules = decode_rules([{"quantity": quantity, "steps": list(steps)}])
    return extract(rules, Page(data))


def kwh(body: str | bytes, *steps: dict[str, Any]) -> Decimal:
    """Return the energy of one rule, which must be there."""
    extraction: Extraction = found(body, *steps)
    assert extraction.energy_kwh is not None
    return extraction.energy_kwh


def outcome(body: str | bytes, *steps: dict[str, Any], quantity: str = "energy") -> str:
    """Return the word for why a page has no value; the error must help."""
    with pytest.raises(ExtractionError) as raised:
        found(body, *steps, quantity=quantity)
    assert raised.value.message
    assert raised.value.remedy
    return raised.value.outcome


def column(header: str, row: int | str = 1, **more: object) -> dict[str, Any]:
    """Return a column step."""
    return {"step": "column", "header": header, "row": row, **more}


def xml(path: str, **more: object) -> dict[str, Any]:
    """Return an xml step."""
    return {"step": "xml", "path": path, **more}


def path(text: str) -> dict[str, Any]:
    """Return a json step."""
    return {"step": "json", "path": text}


@pytest.mark.parametrize(
    ("step", "value"),
    [
        (column("Energy"), "10.5"),
        (column("energy:", 2), "11.5"),
        (column("Energy", -1), "22"),
        (column("Energy", "Total"), "22"),
        (column("Energy", "off"), "11.5"),
        (column("nerg", "Total", match="contains"), "22"),
        (column("^E.*y$", "Total", match="regex"), "22"),
        (column("Energy", "Total", within="#t"), "22"),
    ],
)
def test_column_finds_the_cell_under_its_header(
    step: dict[str, Any], value: str
) -> None:
    """Header and row meet in one cell, whatever spans several rows or columns."""
    assert kwh(TABLE, step) == Decimal(value)


@pytest.mark.parametrize(
    ("step", "word"),
    [
        (column("Voltage"), "selector_missing"),
        (column("Energy", 9), "selector_missing"),
        (column("Energy", "A9"), "selector_missing"),
        (column("Energy", "A1"), "ambiguous_number"),
        (column("State", "A1", within="p"), "selector_missing"),
        (column("State", "Total"), "no_number"),
        (column("Power"), "unit"),
    ],
)
def test_column_failure_has_its_word(step: dict[str, Any], word: str) -> None:
    """A missing header, a missing row and an empty cell are no numbers."""
    assert outcome(TABLE, step) == word


def test_column_refuses_a_table_that_spans_too_much() -> None:
    """A page of a few kilobytes cannot claim a billion cells."""
    cells = "<td colspan=100 rowspan=100>1</td>" * 200
    hostile = f"<table><tr><th>E</th></tr><tr>{cells}</tr></table>"

    assert outcome(hostile, column("E")) == "too_complex"


@pytest.mark.parametrize(
    ("step", "value"),
    [
        (xml("dev[@id=a 1]/wh"), "1.5"),
        (xml('dev[@id="b"]/wh'), "2.5"),
        (xml("/list/dev[2]/wh"), "2.5"),
        (xml("dev[wh=1500]/wh"), "1.5"),
        (xml("dev/wh", index=-1), "2.5"),
        (xml("dev[@id='b']/wh/text()"), "2.5"),
    ],
)
def test_xml_path_selects(step: dict[str, Any], value: str) -> None:
    """Elements are found by their attributes, without their prefixes."""
    unit = {"step": "unit", "fixed": "Wh"}

    assert kwh(XML, step, unit) == Decimal(value)


def test_xml_attribute_is_a_value() -> None:
    """Devices print values into attributes as well."""
    assert kwh("<m><t total='12,5 kWh'/></m>", xml("t/@total")) == Decimal("12.5")


def test_xml_inside_of_another_text_is_read() -> None:
    """A step before it may take the XML out of JSON."""
    body = '{"answer": "<a><b>7</b></a>"}'

    assert kwh(body, path("answer"), xml("b"), KWH) == 7


@pytest.mark.parametrize(
    ("body", "step", "word"),
    [
        (XML, xml("dev[@id=c]/wh"), "selector_missing"),
        (XML, xml("dev/wh"), "ambiguous_number"),
        (XML, xml("dev/wh", index=2), "selector_missing"),
        ("<a><b></b></a>", xml("b"), "no_number"),
        ("<a><b>x x x</b></a>", xml("b"), "no_number"),
        ("<a><b>5", xml("b"), "decode"),
        ("{}", xml("b"), "unexpected_content"),
        ("<html><br>Not Found</html>", xml("b"), "unexpected_content"),
        ("<!DOCTYPE a [<!ENTITY b '9'>]><a><b>&b;</b></a>", xml("b"), "decode"),
        ("<a>" * 5000 + "</a>" * 5000, xml("b"), "too_complex"),
        (f"<a>{'<b/>' * 100_001}</a>", xml("b"), "too_complex"),
        (f"<a>{'<b/>' * 10_001}</a>", xml("b"), "too_complex"),
    ],
)
def test_xml_failure_has_its_word(body: str, step: dict[str, Any], word: str) -> None:
    """Whatever is wrong with XML or a path, the outcome says it and nothing is 0."""
    assert outcome(body, step, KWH) == word


def test_xml_reads_no_file_of_the_host() -> None:
    """An external entity is refused before anything is opened."""
    hostile = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'

    assert outcome(hostile, xml("/a"), KWH) == "decode"


@pytest.mark.parametrize(
    "hostile",
    [
        "//a//b",
        "a[//b]",
        "a/..",
        "a/ancestor::b",
        "a[count(b)>1]",
        "$x",
        "a|b",
        "x:a",
        "a[",
        " ",
        "document('x')",
        "a" * 501,
    ],
)
def test_xml_path_without_a_bound_is_refused(hostile: str) -> None:
    """A rule cannot make the host work for long, nor be unreadable."""
    with pytest.raises(RuleError) as raised:
        decode_rules([{"quantity": "energy", "steps": [xml(hostile)]}])

    assert raised.value.remedy


def test_xml_is_read_in_time() -> None:
    """The largest document and a costly path stay well below a second."""
    page = "<r>" + "<a x='1'><b>t</b></a>" * 12_000 + "</r>"

    started = time.process_time()
    word = outcome(page, xml("a[b='t'][contains(@x,'1')]/b"), KWH)

    assert word == "too_complex"
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("body", "step", "value"),
    [
        ('{"v": "0x1f4", "m": "0x2", "d": "0x3e8"}', {"value": "v"}, "500"),
        (
            '{"v": "0x1f4", "m": "0x2", "d": "0x3e8"}',
            {"value": "v", "multiplier": "m", "divisor": "d"},
            "1",
        ),
        ('{"v": "0xfe", "m": "0x0"}', {"value": "v", "signed": True}, "-2"),
        ("1F", {}, "31"),
    ],
)
def test_hexnum_is_value_times_multiplier_through_divisor(
    body: str, step: dict[str, Any], value: str
) -> None:
    """Hexadecimal fields give an exact decimal."""
    assert kwh(body, {"step": "hexnum", **step}, KWH) == Decimal(value)


def test_hexnum_takes_its_fields_from_xml() -> None:
    """A multiplier of 0 means 1, and the first bit is the sign where the rule says."""
    step = {
        "step": "hexnum",
        "value": "Demand",
        "multiplier": "Multiplier",
        "divisor": "Divisor",
        "source": "xml",
        "signed": True,
    }
    unit = {"step": "unit", "fixed": "kW"}

    extraction = found(EAGLE, step, unit, quantity="power")

    assert extraction.power_kw == Decimal("-0.04")
    assert extraction.measurements[0].resolution == Decimal("0.001")


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ('{"v": "0xZZ"}', "no_number"),
        ('{"v": ""}', "no_number"),
        ('{"v": null}', "no_number"),
        ('{"v": 100}', "no_number"),
        ('{"v": ["0x1", "0x2"]}', "no_number"),
        ("{}", "no_number"),
        ('{"v": "0xffffffffffffffff", "m": "0xffffff"}', "sanity"),
    ],
)
def test_hexnum_failure_has_its_word(body: str, word: str) -> None:
    """What is no hexadecimal number is not taken for one."""
    step = {"step": "hexnum", "value": "v"}
    if '"m"' in body:
        step["multiplier"] = "m"

    assert outcome(body, step, KWH) == word


def test_hexadecimal_text_is_decoded() -> None:
    """Bytes written as digits are text again, and steps go on with it."""
    body = b"1-0:1.8.0(5.5*kWh)".hex()
    hexed = {"step": "decode", "hex": True}

    assert kwh(body, hexed, {"step": "kv", "key": "1-0:1.8.0"}) == Decimal("5.5")
    assert outcome("5", hexed) == "decode"
    assert outcome("zz", hexed) == "decode"
    assert outcome("0001", hexed) == "decode"


@pytest.mark.parametrize(
    ("text", "step", "instant"),
    [
        ("1662990829", {}, datetime(2022, 9, 12, 13, 53, 49, tzinfo=UTC)),
        ("1662990829000", {}, datetime(2022, 9, 12, 13, 53, 49, tzinfo=UTC)),
        (
            '"2020-03-15T15:58:53.853784869-05:00"',
            {},
            datetime(2020, 3, 15, 20, 58, 53, 853784, tzinfo=UTC),
        ),
        ('"161113205757W"', {}, datetime(2016, 11, 13, 19, 57, 57, tzinfo=UTC)),
        ('"221006155014S"', {}, datetime(2022, 10, 6, 13, 50, 14, tzinfo=UTC)),
        ('"251026023000S"', {}, datetime(2025, 10, 26, 0, 30, tzinfo=UTC)),
        ('"251026023000W"', {}, datetime(2025, 10, 26, 1, 30, tzinfo=UTC)),
        ('"2021-08-16 19:23:52"', {}, datetime(2021, 8, 16, 19, 23, 52)),  # noqa: DTZ001 - a device without a zone
        (
            '"2021-08-16 19:23:52"',
            {"tz": "Europe/Amsterdam"},
            datetime(2021, 8, 16, 17, 23, 52, tzinfo=UTC),
        ),
        (
            '"16.08.2021 19:23"',
            {"format": "%d.%m.%Y %H:%M", "tz": "UTC"},
            datetime(2021, 8, 16, 19, 23, tzinfo=UTC),
        ),
    ],
)
def test_time_of_the_device_is_read(
    text: str, step: dict[str, Any], instant: datetime
) -> None:
    """Each way to write an instant gives it to the second, zone or none."""
    steps = [path("t"), {"step": "time", **step}]

    extraction = found(f'{{"t": {text}}}', *steps, quantity="device_time")

    assert device_time(extraction) == instant


def test_time_is_read_without_a_step_for_it() -> None:
    """A rule for the device's clock needs only the place."""
    extraction = found('{"t": 1662990829}', path("t"), quantity="device_time")

    assert device_time(extraction) == datetime(2022, 9, 12, 13, 53, 49, tzinfo=UTC)


@pytest.mark.parametrize("text", ["--", "2021-13-01T00:00:00", "x", ""])
def test_time_that_is_none_is_no_number(text: str) -> None:
    """A clock that shows nothing shows no instant, and not 1970."""
    assert outcome(
        f'{{"t": "{text.strip(chr(34))}"}}', path("t"), quantity="device_time"
    )


CHOICES = {
    "step": "alternatives",
    "choices": [
        {"steps": [path("Rows[0][3]")]},
        {"steps": [path("Row[3]")]},
        {
            "steps": [
                {
                    "step": "combine",
                    "terms": [
                        {"steps": [path("in")]},
                        {"steps": [path("out")], "sign": "-"},
                    ],
                }
            ]
        },
    ],
}


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ('{"Rows": [[230, 1, 200, 5.25]], "Row": [0, 0, 0, 9]}', "5.25"),
        ('{"Row": [230, 1, 200, 6.5]}', "6.5"),
        ('{"Rows": [], "Row": [230, 1, 200, 6.5]}', "6.5"),
        ('{"in": 10, "out": 4}', "6"),
    ],
)
def test_first_alternative_with_a_number_is_taken(body: str, value: str) -> None:
    """Variants of a firmware share one rule."""
    assert kwh(body, CHOICES, KWH) == Decimal(value)
    assert kwh(body.replace("6.5", "6.50"), CHOICES, KWH) == Decimal(value)


def test_alternatives_have_units_of_their_own() -> None:
    """One variant counts in Wh, another in kWh."""
    step = {
        "step": "alternatives",
        "choices": [
            {"steps": [path("wh"), {"step": "unit", "fixed": "Wh"}]},
            {"steps": [path("kwh"), KWH]},
        ],
    }

    assert kwh('{"wh": 1500}', step) == Decimal("1.5")
    assert kwh('{"kwh": 1500}', step) == 1500


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ("{}", "selector_missing"),
        ('{"Row": [1, 2, 3, null]}', "no_number"),
        ('{"Rows": [[1, 2, 3, "1,234"]], "Row": [1, 2, 3, 9]}', "ambiguous_number"),
        ('{"Rows": [[1, 2, 3, "1.2.3"]], "Row": [1, 2, 3, 9]}', "no_number"),
        ('{"Rows": [[1, 2, 3, 1e30]], "Row": [1, 2, 3, 9]}', "sanity"),
    ],
)
def test_alternatives_do_not_pass_over_what_they_cannot_read(
    body: str, word: str
) -> None:
    """Only a value that is not there leads to the next choice."""
    assert outcome(body, CHOICES, KWH) == word


def test_alternatives_show_every_choice_that_was_tried() -> None:
    """The dry run tells the steps inside, each with its level."""
    rules = decode_rules([{"quantity": "energy", "steps": [CHOICES, KWH]}])

    told = explain(rules, Page(b'{"Row": [1, 2, 3, 6.5]}')).rules[0]

    assert told.value == Decimal("6.5")
    assert [(step.level, bool(step.output)) for step in told.steps] == [
        (1, False),
        (1, True),
        (1, True),
        (0, True),
        (0, True),
    ]
    assert told.steps[1].place == "$['Row'][3]"


def test_offset_is_added_in_the_unit_of_its_place() -> None:
    """What a replaced meter had counted goes on top."""
    wh = {"step": "unit", "fixed": "Wh"}
    offset = {"step": "offset", "value": "1000"}

    assert kwh('{"v": 500}', path("v"), offset, wh) == Decimal("1.5")
    assert kwh('{"v": 500}', path("v"), wh, offset) == Decimal("1000.5")


@pytest.mark.parametrize(
    ("body", "guard", "holds"),
    [
        ("<a><p>1</p><e>5</e></a>", {"path": "p", "value": 1}, True),
        ("<a><p>01.0</p><e>5</e></a>", {"path": "p", "value": 1}, True),
        ("<a><p>0</p><e>5</e></a>", {"path": "p", "value": 1}, False),
        ("<a><p>on</p><e>5</e></a>", {"path": "p", "value": "on"}, True),
        ("<a><p>9</p><e>5</e></a>", {"path": "p", "operator": ">", "value": 8}, True),
        ("<a><p>x</p><e>5</e></a>", {"path": "p", "operator": ">", "value": 8}, False),
        ("<a><e>5</e></a>", {"path": "p", "operator": "exists"}, False),
    ],
)
def test_guard_looks_into_xml(body: str, guard: dict[str, Any], holds: bool) -> None:  # noqa: FBT001 - an expected outcome
    """A device that is out of reach has no value, and not 0."""
    step = {"step": "guard", "source": "xml", **guard}
    if holds:
        assert kwh(body, step, xml("e"), KWH) == 5
    else:
        assert outcome(body, step, xml("e"), KWH) == "no_number"


@pytest.mark.parametrize(
    ("steps", "quantity", "words"),
    [
        ([column("E", 0)], "energy", "0 is no row"),
        ([column("(", match="regex")], "energy", "missing )"),
        ([column("E", within=":has(b)")], "energy", ":has"),
        ([{"step": "time", "format": "hm"}], "device_time", "'hm'"),
        ([{"step": "time", "format": "%Q"}], "device_time", "%Q"),
        ([{"step": "time", "tz": "Mars/Base"}], "device_time", "Mars/Base"),
        ([{"step": "time"}], "energy", "no energy"),
        ([{"step": "hexnum", "value": "a["}], "energy", "'a['"),
        ([{"step": "hexnum", "value": "a[", "source": "xml"}], "energy", "value"),
        ([{"step": "offset", "value": "NaN"}], "energy", "cannot be added"),
        ([path("a"), KWH, KWH], "energy", "convert again"),
        ([{**CHOICES, "choices": []}], "energy", "length >= 1"),
    ],
)
def test_rule_that_cannot_work_is_refused(
    steps: list[dict[str, Any]], quantity: str, words: str
) -> None:
    """The mistake is told when the rule is read, not when the page comes."""
    with pytest.raises(RuleError) as raised:
        decode_rules([{"quantity": quantity, "steps": steps}])

    assert words in raised.value.message
    assert raised.value.remedy


@pytest.mark.parametrize(
    ("values", "doubts"),
    [
        ('{"e": 0, "p": 0, "v": 0, "s": 0}', {"invalid_zero"}),
        ('{"e": 0, "p": 0, "v": 230, "s": 0}', set()),
        ('{"e": 5, "p": 6438, "v": 230, "s": 6300}', {"power_above_apparent"}),
        ('{"e": 5, "p": 6300, "v": 230, "s": 6300}', set()),
        ('{"e": 5, "p": -6300, "v": 230, "s": 6350}', set()),
    ],
)
def test_values_that_contradict_each_other_are_doubted(
    values: str, doubts: set[str]
) -> None:
    """A blank answer and more watts than volt-amperes are told, in both runs."""
    units = {"energy": ("e", "kWh"), "power": ("p", "W"), "voltage": ("v", "V")}
    rules = decode_rules(
        [
            {"quantity": name, "steps": [path(key), {"step": "unit", "fixed": unit}]}
            for name, (key, unit) in {**units, "apparent": ("s", "VA")}.items()
        ]
    )
    page = Page(values.encode())

    assert set(extract(rules, page).warnings) == doubts
    assert {w for r in explain(rules, page).rules for w in r.warnings} == doubts


@pytest.mark.parametrize(
    ("body", "steps", "place", "offset"),
    [
        ('{"a": [1, {"b": 7}]}', [path("a[1].b")], "$['a'][1]['b']", 16),
        ("<p>5</p><p id=x>7 kWh</p>", [{"step": "css", "selector": "#x"}], "p#x", 16),
        (
            "<p>5</p><div><p>7</p></div>",
            [{"step": "css", "selector": "p", "index": 1}],
            "body > div > p",
            16,
        ),
        (
            "<td>7</td><table><tr><td>E</td><td>7</td></tr></table>",
            [{"step": "label", "label": "E"}],
            "right of the label 'E'",
            35,
        ),
        (
            "<table><tr><th>E</th></tr><tr><td>7</td></tr></table>",
            [column("E")],
            "column 'E', row 1",
            34,
        ),
        ("<a><b>1</b><c>7</c></a>", [xml("c")], "/a/c", 14),
        ("x\nE=7", [{"step": "kv", "key": "E", "separator": "="}], "line 2", 4),
        ("E 7", [{"step": "regex", "pattern": "E (.)"}], "the page", 2),
    ],
)
def test_dry_run_tells_where_the_value_stands(
    body: str, steps: list[dict[str, Any]], place: str, offset: int
) -> None:
    """A person finds the place on the page, by path and by position."""
    rules = decode_rules([{"quantity": "energy", "steps": [*steps, KWH]}])

    told = explain(rules, Page(body.encode())).rules[0]

    assert told.value == 7
    assert told.steps[0].place == place
    assert told.offset == offset


def test_unit_of_a_rate_is_no_unit_of_energy() -> None:
    """Energy for a day is no register, though it begins with kWh."""
    row = {"step": "label", "label": "E"}

    assert outcome("<b>E</b> 5 kWh/d", row) == "unit"
    assert kwh("<b>E</b> 5 kWh", row) == 5


def test_zero_has_no_sign() -> None:
    """A device that prints -0.0 has a register of 0."""
    assert str(kwh('{"e": -0.0}', path("e"), KWH)) == "0.000000"


def test_exponent_of_json_says_nothing_of_the_last_digit() -> None:
    """1e3 kWh is 1000 kWh, and not a register that counts thousands."""
    found_ = found('{"e": 1e3}', path("e"), KWH)

    assert found_.energy_kwh == 1000
    assert found_.resolution_kwh is None
