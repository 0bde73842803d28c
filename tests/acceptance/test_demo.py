"""The demo, as the README promises it."""

from __future__ import annotations

import re

import pytest
from processes import Command

pytestmark = pytest.mark.timeout(120)


def test_demo_stores_readings_and_ends_by_itself(command: Command) -> None:
    """`--for` ends with exit code 0, a link, and readings of every meter.

    The page of scripts is read where there is a browser; else the demo says why not.
    """
    found = command.run("demo", "--port", "0", "--for", "20", seconds=100)

    count = re.search(r"(\d+) readings stored", found.stdout)
    assert found.returncode == 0, found.stderr
    assert re.search(r"http://127\.0\.0\.1:\d+/login/\S+", found.stdout)
    assert count
    assert int(count.group(1)) >= 6
    assert "Traceback" not in found.stderr
    scripted = re.search(r"Rack A4 page of scripts\s+(\d+\.\d+)", found.stdout)
    said = "'Rack A4 page of scripts' is not read: " in found.stdout
    assert bool(scripted) != said, found.stdout
