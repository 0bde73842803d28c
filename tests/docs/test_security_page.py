"""The page on security names tests, and each of them is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_named_test_exists() -> None:
    """A requirement is met where a test says so, not where a page does."""
    page = (ROOT / "docs/explanation/security.md").read_text("utf-8")
    named = set(re.findall(r"`(test_\w+)`", page))
    files = [
        *ROOT.glob("tests/**/test_*.py"),
        *ROOT.glob("plugins/*/tests/**/test_*.py"),
    ]
    sources = [path.read_text("utf-8") for path in files]
    written = set(re.findall(r"def (test_\w+)\(", "\n".join(sources)))

    assert len(named) > 20
    assert named - written == set()
