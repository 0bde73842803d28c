"""`nxforge consumption-monitor import`: the same import, from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nxforge_consumption_monitor.commands import RejectedRowsError, import_command
from nxforge_consumption_monitor.imports import ImportTextError

_GOOD = "ts;kwh\n2025-03-01T00:00Z;100,5\n2025-03-01T01:00Z;101\n"


async def _run(monitor: Any, file: Path, *more: str, dry_run: bool = False) -> None:
    run: Any = import_command.callback
    await run(
        ctx=monitor.ctx, file=file, endpoint="a", more=more, by="anna", dry_run=dry_run
    )


async def test_file_is_imported_and_told_in_lines(
    monitor: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The dry run tells the same numbers and stores nothing."""
    await monitor.add("a", interval_s=3600)
    file = tmp_path / "march.csv"
    file.write_text(_GOOD, "utf-8")
    await _run(monitor, file, dry_run=True)
    tried = capsys.readouterr().out.splitlines()
    assert await monitor.pool.fetchval("select count(*) from reading") == 0
    await _run(monitor, file)
    done = capsys.readouterr().out.splitlines()
    assert tried[0] == "would import march.csv into a (total)"
    assert done[0] == "imported march.csv into a (total)"
    assert tried[1:] == done[1:]
    assert done[1] == (
        "  rows 2: inserted 2, duplicate 0, conflict 0 (replaced 0), rejected 0"
    )
    assert "  2025-03: unknown -> 0.5 kWh" in done
    await _run(monitor, file)
    assert "same file already" in capsys.readouterr().out


async def test_rejected_rows_are_told_and_fail_the_command(
    monitor: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The good rows are in; the exit code says that something is left to do."""
    await monitor.add("a", interval_s=3600)
    file = tmp_path / "march.csv"
    file.write_text(_GOOD + "2025-03-01T02:00Z;x\n", "utf-8")
    with pytest.raises(RejectedRowsError) as caught:
        await _run(monitor, file, "numberFormat=comma")
    assert caught.value.exit_code == 1
    assert "  line 4: " in capsys.readouterr().out
    assert await monitor.pool.fetchval("select count(*) from reading") == 2


async def test_file_that_is_no_text_is_refused(monitor: Any, tmp_path: Path) -> None:
    """It says at which byte it stops being UTF-8."""
    file = tmp_path / "march.csv"
    file.write_bytes(b"ts;kwh\n\xff")
    with pytest.raises(ImportTextError, match="byte 7"):
        await _run(monitor, file)
