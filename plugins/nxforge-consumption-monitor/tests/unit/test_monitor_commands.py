"""Rules and registers are tried on saved files without a database."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result

from nxforge_consumption_monitor.commands import (
    CaseError,
    NoValueError,
    energy_command,
    extract_command,
)
from nxforge_consumption_monitor.extract import RuleError
from nxforge_consumption_monitor.register import NaiveInstantError
from nxforge_consumption_monitor.templates import find_template

_ENERGY: dict[str, Any] = {
    "quantity": "energy",
    "steps": [{"step": "json", "path": "wh"}, {"step": "unit", "fixed": "Wh"}],
}
_POWER: dict[str, Any] = {
    "quantity": "power",
    "required": False,
    "steps": [{"step": "json", "path": "w"}, {"step": "unit", "fixed": "W"}],
}
_SHARED = Path(__file__).parents[5] / "shared"
_VECTORS = _SHARED / "golden/vectors.json"
_HERE = Path(__file__).resolve().parents[1]
PAGES = json.loads((_HERE / "templates.json").read_text("utf-8"))
CASES = json.loads(_VECTORS.read_text())["unwrap"] if _VECTORS.exists() else []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder for rules and pages."""
    return tmp_path


def extracted(folder: Path, rules: object, page: str, *options: str) -> Result:
    """Run the command on a rule file and a page."""
    (folder / "rule.json").write_text(json.dumps(rules), encoding="utf-8")
    (folder / "page").write_text(page, encoding="utf-8")
    files = [str(folder / "rule.json"), str(folder / "page")]
    return CliRunner().invoke(extract_command, [*files, *options])


def page_file(name: str) -> Path:
    """A recorded answer, or a page of the template tests."""
    for parent in (_HERE / "templates", _SHARED / "fixtures"):
        if (parent / name).exists():
            return parent / name
    pytest.skip(f"shared/fixtures/{name} is not beside the repository")


def unwrapped(folder: Path, case: object) -> Result:
    """Run the command on a case."""
    (folder / "case.json").write_text(json.dumps(case), encoding="utf-8")
    return CliRunner().invoke(energy_command, [str(folder / "case.json")])


def test_extract_prints_value_unit_quantity_steps_and_warnings(folder: Path) -> None:
    """The value of one rule stands at the top, exact, with what each step gave."""
    result = extracted(folder, _ENERGY, '{"wh": 64142010.626}')

    told = json.loads(result.output)
    assert result.exit_code == 0
    assert told["value"] == "64142.010626"
    assert (told["unit"], told["quantity"], told["warnings"]) == ("kWh", "energy", [])
    assert [step["output"] for step in told["steps"]] == [
        "64142010.626",
        "64142010.626",
        "64142.010626",
    ]
    assert told["steps"][0]["place"] == "$['wh']"
    assert told["error"] is None


def test_extract_prints_every_rule_of_a_set(folder: Path) -> None:
    """All rules are told; one that is not required may be without a value."""
    result = extracted(folder, {"rules": [_ENERGY, _POWER]}, '{"wh": "1,234.5"}')

    energy, power = json.loads(result.output)["rules"]
    assert result.exit_code == 0
    assert Decimal(energy["value"]) == Decimal("1.2345")
    assert energy["rawText"] == "1,234.5"
    assert energy["resolution"] == "0.0001"
    assert power["value"] is None
    assert power["error"]["outcome"] == "selector_missing"


def test_extract_takes_further_pages_by_name(folder: Path) -> None:
    """Without one the rule that reads from it says what is missing."""
    other = _ENERGY | {"channel": "l2", "source": "two"}
    rules = {"rules": [_ENERGY, other], "sources": {"two": {"url": "/2"}}}
    (folder / "two").write_text('{"wh": 9000}', encoding="utf-8")
    option = ("--source", "two", str(folder / "two"))
    whole = extracted(folder, rules, '{"wh": 7000}', *option)
    told = json.loads(whole.output)
    assert [each["value"] for each in told["rules"]] == ["7.000000", "9.000000"]
    half = extracted(folder, rules, '{"wh": 7000}')
    assert isinstance(half.exception, NoValueError)
    assert "'two' is not there" in half.output


def test_extract_names_the_step_that_failed(folder: Path) -> None:
    """A page without the value ends as a failure, after the steps were shown."""
    result = extracted(folder, [_ENERGY], '{"watts": 5}')

    told = json.loads(result.output)
    assert isinstance(result.exception, NoValueError)
    assert result.exception.exit_code == 1
    assert told["value"] is None
    assert told["error"]["outcome"] == "selector_missing"
    assert [step["output"] for step in told["steps"]] == [""]


def test_extract_fails_when_no_rule_gives_a_value(folder: Path) -> None:
    """A page on which nothing is found is no success, required or not."""
    result = extracted(folder, [_POWER], "{}")

    assert isinstance(result.exception, NoValueError)


def test_extract_tells_a_refused_login(folder: Path) -> None:
    """The status of the saved answer counts as well."""
    result = extracted(folder, [_ENERGY], "no", "--status", "401")

    told = json.loads(result.output)
    assert isinstance(result.exception, NoValueError)
    assert (told["value"], told["rules"]) == (None, [])
    assert told["error"]["outcome"] == "auth"


def test_extract_reads_the_page_as_its_content_type_says(folder: Path) -> None:
    """The header's character set counts as on the wire."""
    (folder / "rule.json").write_text(
        json.dumps(
            {
                "quantity": "energy",
                "steps": [{"step": "label", "label": "Zähler"}, {"step": "unit"}],
            }
        ),
        encoding="utf-8",
    )
    page = "<table><tr><td>Zähler</td><td>5,5 kWh</td></tr></table>"
    (folder / "page").write_bytes(page.encode("iso8859-2"))
    arguments = [str(folder / "rule.json"), str(folder / "page")]
    options = ["--content-type", "text/html; charset=iso-8859-2"]

    result = CliRunner().invoke(extract_command, [*arguments, *options])

    assert json.loads(result.output)["value"] == "5.500000"


@pytest.mark.parametrize(
    "case", PAGES, ids=[f"{case['template']}-{case['page']}" for case in PAGES]
)
def test_extract_prints_the_checked_values_of_every_device(
    folder: Path, case: dict[str, Any]
) -> None:
    """Each recorded answer gives its values; an error has its name and no number."""
    rules = folder / "rule.json"
    rules.write_bytes(msgspec.json.encode(find_template(case["template"]).rules))
    options = ["--content-type", case["contentType"]]
    options += ["--status", str(case.get("status", 200))]
    files = [str(rules), str(page_file(case["page"]))]

    result = CliRunner().invoke(extract_command, [*files, *options])

    told = json.loads(result.output)
    if "error" in case:
        assert isinstance(result.exception, NoValueError)
        assert (told["value"], told["error"]["outcome"]) == (None, case["error"])
        return
    values = {f"{r['quantity']}/{r['channel']}": r["value"] for r in told["rules"]}
    assert result.exit_code == 0
    assert told["value"] == values["energy/total"]
    for name, value in case["expect"].items():
        assert Decimal(values[name]) == Decimal(value)


def test_extract_refuses_a_file_that_is_not_there(folder: Path) -> None:
    """Wrong use names the file and ends with code 2."""
    result = CliRunner().invoke(extract_command, [str(folder / "a"), str(folder)])

    assert result.exit_code == 2
    assert "a" in result.output


def test_extract_refuses_a_rule_that_is_none(folder: Path) -> None:
    """A mistake in the rule is wrong use, not a failure of the page."""
    result = extracted(folder, {"quantity": "energy", "steps": [{"step": "no"}]}, "1")

    assert isinstance(result.exception, RuleError)
    assert result.exception.exit_code == 2


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_energy_prints_what_the_worked_example_says(
    folder: Path, case: dict[str, Any]
) -> None:
    """Energy, labels and events of every worked example are met exactly."""
    result = unwrapped(folder, case)

    told = json.loads(result.output)
    expected = case["expected"]
    assert result.exit_code == 0
    assert set(told) == {"energy_kwh", "labels", "events"}
    assert Decimal(told["energy_kwh"]) == Decimal(expected["energy_kwh"])
    assert told["labels"] == expected["labels"]
    assert told["events"] == expected["events"]


def test_energy_takes_numbers_and_keeps_their_digits(folder: Path) -> None:
    """A register written as a number is no binary float on its way."""
    case = {
        "readings": [
            ["2025-06-01T00:00:00Z", 0.1],
            ["2025-06-01T02:00:00+01:00", 0.30000001],
        ]
    }

    told = json.loads(unwrapped(folder, case).output)

    assert told == {"energy_kwh": "0.20000001", "labels": ["first", "ok"], "events": []}


def test_energy_lets_a_decision_win(folder: Path) -> None:
    """A replaced meter counts to its final register, the new one from its first."""
    case = {
        "readings": [
            ["2025-06-01T10:00:00Z", "48211.4"],
            ["2025-06-01T11:00:00Z", "0.9"],
        ],
        "decisions": [
            {"ts": "2025-06-01T10:30:00Z", "old_kwh": "48213.0", "new_kwh": "0.2"}
        ],
    }

    assert json.loads(unwrapped(folder, case).output)["energy_kwh"] == "2.3"


def test_energy_rejects_a_device_that_is_half_awake(folder: Path) -> None:
    """Register, power and voltage of zero are an invalid answer, no reset."""
    case = {
        "readings": [
            ["2025-06-01T10:00:00Z", "707"],
            ["2025-06-01T11:00:00Z", "0", "0", "0"],
            ["2025-06-01T12:00:00Z", "708", "0.5", "230"],
        ]
    }

    told = json.loads(unwrapped(folder, case).output)

    assert told["labels"] == ["first", "invalid_zero", "ok"]
    assert told["energy_kwh"] == "1"


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ({"readings": []}, "no reading"),
        ({"readings": [["2025-06-01T10:00:00Z"]]}, "reading 1 has 1"),
        ({"readings": [["2025-06-01T10:00:00Z", "x"]]}, "reading 1 is"),
        ({"readings": [["2025-06-01T10:00:00Z", "NaN"]]}, "reading 1 is"),
        ({"readings": [["2025-06-01T10:00:00Z", True]]}, "reading 1 is"),
        ({"readings": [["2025-06-01T10:00:00Z", None]]}, "reading 1 is"),
        ({"readings": [["2025-06-01T10:00:00Z", "9" * 99]]}, "reading 1 is"),
        ({"readings": [[5, "1"]]}, "reading 1 is"),
        ({"readings": [["yesterday", "1"]]}, "reading 1 is"),
        ({"readings": 5}, "readings"),
        ({}, "readings"),
        ({"readings": [["2025-06-01T10:00:00Z", "1"]], "config": {"x": "1"}}, "`x`"),
        (
            {"readings": [["2025-06-01T10:00:00Z", "1"]], "config": {"policy": "x"}},
            "policy",
        ),
    ],
)
def test_energy_refuses_what_is_no_case(
    folder: Path, case: dict[str, Any], words: str
) -> None:
    """Wrong use names the place; an unknown energy is never printed as 0."""
    result = unwrapped(folder, case)

    assert isinstance(result.exception, CaseError)
    assert result.exception.exit_code == 2
    assert words in result.exception.message
    assert result.output == ""


def test_energy_refuses_an_instant_without_its_offset(folder: Path) -> None:
    """It could be any hour of the day."""
    result = unwrapped(folder, {"readings": [["2025-06-01T10:00:00", "1"]]})

    assert isinstance(result.exception, NaiveInstantError)
    assert result.exception.exit_code == 2
