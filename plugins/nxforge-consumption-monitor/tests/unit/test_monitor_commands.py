"""A rule is tried on a saved page without a database."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from nxforge_consumption_monitor.commands import NoValueError, extract_command

_RULES = [
    {
        "quantity": "energy",
        "steps": [{"step": "json", "path": "wh"}, {"step": "unit", "fixed": "Wh"}],
    }
]


@pytest.fixture
def rule(tmp_path: Path) -> Path:
    """A rule file for a device that answers `{"wh": ...}`."""
    path = tmp_path / "rule.json"
    path.write_text(json.dumps(_RULES), encoding="utf-8")
    return path


def test_extract_prints_every_step_and_the_value(rule: Path, tmp_path: Path) -> None:
    """The person sees what each step gave, and the number in kWh."""
    page = tmp_path / "page.json"
    page.write_text('{"wh": 64142010.626}', encoding="utf-8")
    result = CliRunner().invoke(extract_command, [str(rule), str(page)])
    assert result.exit_code == 0
    assert "energy (total)" in result.output
    assert '"path":"wh"' in result.output
    assert "= 64142.010626 kWh" in result.output


def test_extract_names_the_step_that_failed(rule: Path, tmp_path: Path) -> None:
    """A page without the value ends as an error, after the steps were shown."""
    page = tmp_path / "page.json"
    page.write_text('{"watts": 5}', encoding="utf-8")
    result = CliRunner().invoke(extract_command, [str(rule), str(page)])
    assert isinstance(result.exception, NoValueError)
    assert result.exception.exit_code == 1
    assert "selector_missing" in result.output


def test_extract_tells_a_refused_login(rule: Path, tmp_path: Path) -> None:
    """The status of the saved answer counts as well."""
    page = tmp_path / "page.txt"
    page.write_text("no", encoding="utf-8")
    arguments = [str(rule), str(page), "--status", "401"]
    result = CliRunner().invoke(extract_command, arguments)
    assert isinstance(result.exception, NoValueError)
    assert "auth" in result.output


def test_extract_refuses_a_file_that_is_not_there(rule: Path, tmp_path: Path) -> None:
    """Wrong use names the file and ends with code 2."""
    result = CliRunner().invoke(extract_command, [str(rule), str(tmp_path / "none")])
    assert result.exit_code == 2
    assert "none" in result.output
