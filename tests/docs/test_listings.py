"""Python blocks of the README and the pages run as they stand."""

from __future__ import annotations

from pathlib import Path

import pytest
from sybil import Document
from sybil.parsers.markdown import PythonCodeBlockParser

ROOT = Path(__file__).parents[2]
PAGES = [
    path
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    if "```python" in path.read_text("utf-8")
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_listing_runs(page: Path) -> None:
    """Each block is executed, in order, in one namespace per page."""
    examples = list(Document.parse(str(page), PythonCodeBlockParser()).examples())

    assert examples
    for example in examples:
        example.evaluate()


def test_readme_is_among_the_pages() -> None:
    """The README's listing is one of those that run."""
    assert ROOT / "README.md" in PAGES
