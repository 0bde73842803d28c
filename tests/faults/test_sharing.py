"""Processes that share the rows of the matrix: one seed, one table."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from random import Random

ROWS = """
import pytest

@pytest.mark.fault("{row}", "chance", short=1, long=1)
def test_row(fault):
    fault.landed()
    fault.figure("drawn", fault.chance.random(), limit={limit})

@pytest.mark.fault("{row}b", "not here", short=1, long=1)
def test_other_row(fault):
    pytest.skip("no browser")
"""


def test_rows_of_all_processes_are_in_one_table_of_one_seed(tmp_path: Path) -> None:
    """Whoever ran a row, its chance is the seed's and its result is told."""
    shutil.copy(Path(__file__).parent / "conftest.py", tmp_path)
    for row, limit in (("F8", "float('inf')"), ("F9", "0")):
        file = tmp_path / f"test_{row.lower()}.py"
        file.write_text(ROWS.format(row=row, limit=limit))

    rows = _table(tmp_path, "-n", "2", "--dist", "loadgroup")

    chances = [Random(f"7 {row}") for row in ("F8", "F9")]  # noqa: S311 - no secret
    drawn = [f"{chance.random():.5g}" for chance in chances]
    assert rows == [
        f"F8   chance    1/1     pass     drawn {drawn[0]} (<= inf)",
        "F8b  not here  0/1     skipped",
        f"F9   chance    1/1     FAIL     drawn {drawn[1]} (<= 0)",
        "F9b  not here  0/1     skipped",
    ]


def _table(folder: Path, *options: str) -> list[str]:
    """The rows of the matrix as the run printed them."""
    support = Path(__file__).parent.parent / "support"
    command = [sys.executable, "-m", "pytest", "--seed", "7", *options, "."]
    environment = {**os.environ, "PYTHONPATH": str(support)}
    run = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    _, _, table = run.stdout.partition("= fault matrix, --seed 7 =")
    assert table, run.stdout + run.stderr
    lines = [line.strip() for line in table.splitlines()]
    return [line for line in lines if line.startswith(("F8", "F9"))]
