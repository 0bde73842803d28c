"""Commands that write files from the database."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from nxforge_consumption_monitor import routes
from nxforge_consumption_monitor.commands import export_command, report_command


@pytest.fixture
async def month(monitor: Any) -> Any:
    """A monitor whose endpoint has a March of 2 kWh a day."""
    monitor.clock.instant = datetime(2025, 3, 1, tzinfo=UTC)
    monitor.view = await monitor.add("a", tz="UTC", interval_s=86_400)
    for day in range(33):
        monitor.show("a", str(1000 + 2 * day))
        await monitor.round()
        monitor.clock.pass_by(days=1)
    return monitor


async def _run(command: Any, ctx: Any, *words: str) -> None:
    """As the host calls it, with what click makes of the words."""
    given = command.make_context(command.name, list(words)).params
    await command.callback(ctx=ctx, **given)


async def test_report_is_written_in_every_format(month: Any, tmp_path: Path) -> None:
    """The figures are those of the API."""
    for kind, begins in (
        ("csv", b"endpointName,"),
        ("html", b"<!doctype html>"),
        ("xlsx", b"PK"),
        ("json", b"{"),
    ):
        file = tmp_path / f"report.{kind}"
        await _run(
            report_command, month.ctx, "2025-03", f"--format={kind}", f"--output={file}"
        )
        assert file.read_bytes().startswith(begins)
    [row] = csv.DictReader((tmp_path / "report.csv").read_text("utf-8").splitlines())
    assert Decimal(row["energyKwh"]) == 62
    assert json.loads((tmp_path / "report.json").read_bytes())["month"] == 3


async def test_json_is_the_text_that_the_digest_is_of(
    month: Any, tmp_path: Path
) -> None:
    """Whoever has the file can check the digest without the program."""
    file = tmp_path / "report.json"
    await _run(
        report_command,
        month.ctx,
        "2025-03",
        f"--endpoint={month.view.id}",
        "--format=json",
        f"--output={file}",
    )
    report = await routes.monthly(month.ctx, month.view.id, month="2025-03")
    digest = hashlib.sha256(file.read_bytes().rstrip(b"\n")).hexdigest()
    assert digest == report.sha256


async def test_readings_are_written_to_standard_output(
    month: Any, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """A span of them, newest first."""
    words = ("--from=2025-03-05T00:00Z", "--to=2025-03-08T00:00Z")
    await _run(export_command, month.ctx, *words)
    text = capsysbinary.readouterr().out.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [Decimal(row["registerKwh"]) for row in rows] == [1012, 1010, 1008]
