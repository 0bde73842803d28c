"""A number typed by a person leads to rules that yield it."""

from __future__ import annotations

import json
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from nxforge_consumption_monitor.extract import (
    ExtractionError,
    Page,
    RuleSet,
    decode_rules,
    extract,
)
from nxforge_consumption_monitor.finding import (
    Candidate,
    FindError,
    find_number,
    read_wanted,
)

_HERE = Path(__file__).resolve().parents[1]
_FIXTURES = Path(__file__).parents[5] / "shared" / "fixtures"
TABLE = """<table>
<tr><th>Outlet</th><th>Power</th><th>Energy</th></tr>
<tr><td>A1</td><td>120 W</td><td>10.5 kWh</td></tr>
<tr><td>A2</td><td>80 W</td><td>11.5 kWh</td></tr>
</table>"""


def candidates(body: str | bytes, typed: str) -> tuple[Candidate, ...]:
    """The candidates of a page for what was typed."""
    data = body.encode() if isinstance(body, str) else body
    return find_number(Page(data), read_wanted(typed))


def best(body: str | bytes, typed: str) -> tuple[str, list[dict[str, Any]]]:
    """How the first candidate knows its place, and its steps."""
    first = candidates(body, typed)[0]
    return first.how, json.loads(msgspec.json.encode(first.rule.steps))


def capture(name: str) -> bytes:
    """A recorded answer, or a page of the template tests."""
    for folder in (_HERE / "templates", _FIXTURES):
        if (folder / name).exists():
            return (folder / name).read_bytes()
    pytest.skip(f"shared/fixtures/{name} is not beside the repository")


@pytest.mark.parametrize(
    ("typed", "values", "unit"),
    [
        ("12345.6", ["12345.6"], ""),
        ("12345,6", ["12345.6"], ""),
        ("12.345,6", ["12345.6"], ""),
        ("12'345.6 kWh", ["12345.6"], "kWh"),
        ("12 345,6 kWh", ["12345.6"], "kWh"),
        ("1,234", ["1.234", "1234"], ""),
        ("1.234 kW", ["1.234", "1234"], "kW"),
        ("00012345 Wh", ["12345"], "Wh"),
        ("-5 °C", ["-5"], ""),
    ],
)
def test_typed_number_is_read_in_every_locale(
    typed: str, values: list[str], unit: str
) -> None:
    """Where signs are ambiguous, both readings are looked for."""
    wanted = read_wanted(typed)

    assert sorted(wanted.values) == sorted(Decimal(each) for each in values)
    assert wanted.unit == unit


@pytest.mark.parametrize("typed", ["", "kWh", "x x x", "1.2.3", "9" * 200])
def test_typed_text_without_a_number_is_refused(typed: str) -> None:
    """The message says how to type one."""
    with pytest.raises(FindError) as raised:
        read_wanted(typed)

    assert raised.value.remedy


@pytest.mark.parametrize(
    ("page", "typed", "how", "last"),
    [
        ("shelly_gen1_1pm_status.json", "107.875", "key", "Wmin"),
        ("shelly_gen2_pro3em_getstatus.json", "5415.414", "key", "Wh"),
        ("homewizard_p1_v1_data.json", "18.664,997 kWh", "key", "kWh"),
        ("enphase_envoy_4.10_production.json", "26335.79", "key", "Wh"),
        ("enphase_envoy_3.17_production.html", "133 MWh", "label", ""),
        ("enphase_envoy_3.9_production_full_page.html", "14,6 MWh", "label", ""),
        ("kostal_piko.html", "48765", "label", "kWh"),
        ("dsmr_easymeter_q3d_telegram.txt", "52185,7825309", "key", ""),
        ("dsmr_sagemcom_t210_wh_telegram.txt", "6545.766", "key", ""),
        ("dsmr_v42_telegram.txt", "3016.829", "sum", ""),
        ("p1monitor_smartmeter.json", "7758.204", "sum", ""),
        ("fritz_dect200_devicelistinfos.xml", "0.707", "key", "Wh"),
        ("vertiv_geist.json", "20417.3", "key", "kWh"),
        ("rainforest_eagle_200.xml", "30211.927", "key", "kWh"),
        ("opendtu.json", "1407.25", "key", "kWh"),
        ("goe.json", "10.933 kW", "index", "W"),
        ("netio.json", "1823.457", "key", "Wh"),
    ],
)
def test_register_on_a_display_is_found_on_the_device_page(
    page: str, typed: str, how: str, last: str
) -> None:
    """The most robust rule comes first, and it converts what the device counts in."""
    first = candidates(capture(page), typed)[0]

    steps = json.loads(msgspec.json.encode(first.rule.steps))
    assert first.how == how
    assert steps[-1].get("fixed", "") == last


def test_every_candidate_yields_the_number_when_it_is_run() -> None:
    """Nothing is proposed that the collection could not do."""
    page = Page(capture("enphase_envoy_4.10_production.json"))

    for each in find_number(page, read_wanted("26335.790411 kWh")):
        stored = decode_rules(msgspec.json.encode(RuleSet(rules=(each.rule,))))
        assert extract(stored, page).energy_kwh == Decimal("26335.790411")


def test_entry_is_known_by_what_it_says_before_its_position() -> None:
    """A key outlasts another order of the entries."""
    body = '[{"type": "in", "kwh": 7.25}, {"type": "out", "kwh": 8.5}]'

    hows = [each.how for each in candidates(body, "8.5")]

    assert best(body, "8.5")[1][0]["path"] == '[?type=="out"].kwh'
    assert hows == sorted(hows, key=["key", "index", "pattern"].index)


@pytest.mark.parametrize(
    ("body", "typed", "how", "step"),
    [
        (TABLE, "11.5 kWh", "label", {"step": "label", "label": "A2", "nth": 2}),
        (
            "<p><b>Energy:</b> 12,5 kWh</p>",
            "12.5",
            "label",
            {"step": "label", "label": "Energy"},
        ),
        (
            "<dl><dt>Total</dt><dd>77.7 kWh</dd></dl>",
            "77.7",
            "label",
            {"step": "label", "label": "Total"},
        ),
        (
            '<div><input name="kwh" value="77.7"></div>',
            "77.7",
            "id",
            {"step": "css", "selector": 'input[name="kwh"]'},
        ),
        (
            "<span id=total-kwh>9 876,5</span>",
            "9876.5",
            "id",
            {"step": "css", "selector": "#total-kwh"},
        ),
        (
            "<span class='big reg'>9876.5 kWh</span>",
            "9876.5",
            "class",
            {"step": "css", "selector": "span.big"},
        ),
        ("1.234,5 kWh\n", "1234,5", "key", {"step": "decode"}),
        ("kwh=9876.5", "9876.5", "key", {"step": "kv", "key": "kwh", "separator": "="}),
        (
            '<script>var d = {"wh": 5000};</script>',
            "5",
            "key",
            {
                "step": "json",
                "path": "wh",
                "fromScript": "head:nth-of-type(1) > script:nth-of-type(1)",
            },
        ),
        (
            "<m><e unit='kWh'>77.5</e></m>",
            "77.5",
            "key",
            {"step": "xml", "path": "m/e"},
        ),
    ],
)
def test_place_is_named_as_a_person_would(
    body: str, typed: str, how: str, step: dict[str, Any]
) -> None:
    """Labels, headers, ids, classes, keys and scripts all lead to the number."""
    found_how, steps = best(body, typed)

    assert found_how == how
    assert steps[0] == step


def test_column_is_among_the_candidates() -> None:
    """A table's cell is known by its header and its row as well."""
    found = [
        json.loads(msgspec.json.encode(c.rule.steps))
        for c in candidates(TABLE, "11.5 kWh")
    ]

    assert [{"step": "column", "header": "Energy", "row": "A2"}] in found


def test_unit_that_nothing_on_the_page_says_is_told_as_assumed() -> None:
    """A bare number may be Wh or kWh: the person is asked to look."""
    first = candidates('{"energy": 12345.6}', "12345.6")[0]

    assert first.warnings == ("unit_assumed",)
    assert (first.value, first.unit) == (Decimal("12345.6"), "kWh")
    assert candidates('{"energy": "12345.6 kWh"}', "12345.6")[0].warnings == ()


def test_bare_number_is_proposed_in_the_units_of_displays_only() -> None:
    """Nobody reads a register of GWh or watt-seconds off a display."""
    found = candidates('{"energy": 12345.6}', "12345.6")

    assert [each.raw_unit for each in found if each.how == "key"] == ["kWh", "Wh"]


def test_ambiguous_decimal_sign_is_pinned_in_the_rule() -> None:
    """What was typed says what the dot means, so the rule says it for ever."""
    comma = candidates("<p id=e>1.234 kWh</p>", "1234")[0]
    dot = candidates("<p id=e>1.234 kWh</p>", "1,234")[0]

    assert (comma.value, dot.value) == (1234, Decimal("1.234"))
    assert [s.format for s in comma.rule.steps if hasattr(s, "format")] == ["comma"]
    assert [s.format for s in dot.rule.steps if hasattr(s, "format")] == ["dot"]
    assert comma.warnings == dot.warnings == ()


def test_device_that_counts_in_tenths_is_found() -> None:
    """Some registers leave the decimal sign out."""
    first = candidates('{"energy": 312457}', "31245.7 kWh")[0]

    assert first.value == Decimal("31245.7")
    assert first.resolution == Decimal("0.1")


def test_display_may_cut_off_or_round() -> None:
    """Fewer digits on the display are the same number."""
    cut = candidates('{"kwh": 12345.68}', "12345.6")[0]
    rounded = candidates('{"kwh": 12345.68}', "12345.7")[0]

    assert cut.value == rounded.value == Decimal("12345.68")
    assert cut.match == rounded.match == "rounded"


def test_register_that_counted_on_since_is_found() -> None:
    """Between the look at the display and the answer a meter does not stand still."""
    body = '{"kwh": 12345.72, "wh": 999, "other": 12000}'

    first = candidates(body, "12345.6")[0]

    assert (first.match, first.value) == ("near", Decimal("12345.72"))
    assert candidates(body, "12345.7")[0].match == "rounded"
    assert candidates('{"kwh": 5.2}', "5.1") == ()


@pytest.mark.parametrize("body", ['{"kwh": 5}', "<p>5 kWh</p>", "5 kWh", "<a>5</a>"])
def test_number_that_is_not_there_has_no_candidate(body: str) -> None:
    """Nothing is proposed that merely looks alike."""
    assert candidates(body, "12345.6") == ()


@pytest.mark.parametrize(
    "body",
    [
        "<table><tr>" + "<td>1</td>" * 20_000 + "</tr></table>",
        "<div>" * 500 + "1" + "</div>" * 500,
        "<p>1</p>" * 20_000,
        "<td colspan=100 rowspan=100>1</td>" * 5_000,
        "[" + '{"a": 1},' * 20_000 + "1]",
        "[" * 200 + "1" + "]" * 200,
        "1 " * 100_000,
        "a1=1\n" * 50_000,
        "x" * 200_000 + " 1",
        "<a>" + "<b c='1'>1</b>" * 15_000 + "</a>",
        "<script>{" + '"a":1,' * 40_000 + '"b":1}</script>',
    ],
    ids=lambda body: body[:20],
)
def test_hostile_page_is_searched_in_bounded_time(body: str) -> None:
    """Time and number of candidates have a limit, whatever the page is."""
    started = time.process_time()
    try:
        found = candidates(body, "1")
    except ExtractionError:
        found = ()

    assert len(found) <= 20
    assert time.process_time() - started < 5


def test_search_ends_when_its_time_is_over() -> None:
    """A slow page gives what was found so far."""
    ticks = iter(range(100_000))
    page = Page(b'{"a": 1, "b": 1, "c": 1, "d": 1, "e": 1}')

    found = find_number(page, read_wanted("1"), clock=lambda: float(next(ticks)))

    assert 0 < len(found) < 5


@pytest.mark.parametrize(
    ("body", "status", "word"),
    [(b"no", 401, "auth"), (b"", 200, "unexpected_content"), (b"\0\0", 200, "decode")],
)
def test_page_that_cannot_be_read_says_why(body: bytes, status: int, word: str) -> None:
    """An error page has no candidates, and the error its name."""
    with pytest.raises(ExtractionError) as raised:
        find_number(Page(body, "", status), read_wanted("5"))

    assert raised.value.outcome == word
