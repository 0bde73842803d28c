"""Device templates that other packages bring."""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from nxforge_consumption_monitor.commands import extract_command
from nxforge_consumption_monitor.extract import Page, extract
from nxforge_consumption_monitor.health import template_health
from nxforge_consumption_monitor.templates import (
    folders_of,
    load_templates,
    read_templates,
)

EXAMPLE = Path(__file__).parents[4] / "examples" / "meter-templates"
PACKAGE = EXAMPLE / "src" / "acme_meter_templates"
PAGE = EXAMPLE / "pages" / "acme-em1.html"
GROUP = "nxforge_consumption_monitor.templates"
NO_CONTEXT: Any = None


def point(value: str) -> EntryPoint:
    """What the metadata of a pack says."""
    return EntryPoint("acme", value, GROUP)


def test_pack_is_found_and_not_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder of the package is known, and none of its code has run."""
    monkeypatch.syspath_prepend(EXAMPLE / "src")

    folders, problems = folders_of([point("acme_meter_templates")])

    assert (list(folders), list(problems)) == ([PACKAGE], [])
    assert "acme_meter_templates" not in sys.modules


@pytest.mark.parametrize("value", ["nobody_has_this", "json.decoder", "this"])
def test_entry_point_that_names_no_package_is_a_problem(value: str) -> None:
    """The problem names the pack and what it names."""
    folders, (problem,) = folders_of([point(value)])

    assert not folders
    assert "'acme'" in problem.message
    assert value in problem.message


def test_template_of_the_example_reads_its_page() -> None:
    """The how-to's template gives the register and the power of the how-to's page."""
    (template,), problems = read_templates([PACKAGE])

    found = extract(template.rules, Page(PAGE.read_bytes(), "text/html"))

    assert not problems
    assert {each.quantity: each.value for each in found.measurements} == {
        "energy": Decimal("12345.6"),
        "power": Decimal("1.84"),
    }


def test_what_cannot_be_used_is_left_out_and_told(tmp_path: Path) -> None:
    """A damaged file and a second one of an id do not hide the good ones."""
    good = json.loads((PACKAGE / "acme-em1.json").read_text("utf-8"))
    again = {**good, "id": "youless-ls120"}
    (tmp_path / "acme-em1.json").write_text(json.dumps(good), "utf-8")
    (tmp_path / "youless-ls120.json").write_text(json.dumps(again), "utf-8")
    (tmp_path / "torn.json").write_text('{"id": "torn"', "utf-8")

    found, problems = read_templates([tmp_path], load_templates())

    assert {each.id for each in found} - {each.id for each in load_templates()} == {
        "acme-em1"
    }
    assert sorted(each.message.split()[2] for each in problems) == [
        "torn.json",
        "youless-ls120.json",
    ]


async def test_health_names_what_is_wrong_with_packs() -> None:
    """Without a pack that is wrong there is nothing to tell."""
    told = await template_health(NO_CONTEXT)

    assert (told.state, told.detail) == ("ok", "every device template can be used")


def test_extract_takes_a_template() -> None:
    """The command of the how-to prints what the how-to shows."""
    ran = CliRunner().invoke(
        extract_command, [str(PACKAGE / "acme-em1.json"), str(PAGE)]
    )

    assert ran.exit_code == 0, ran.output
    assert ran.output.startswith('{\n  "value": "12345.600000",\n  "unit": "kWh",\n')
