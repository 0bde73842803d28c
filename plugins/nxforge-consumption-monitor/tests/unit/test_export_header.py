"""The header of a printed report holds any name, and nothing but the name."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nxforge_consumption_monitor.export._html import css_text


@given(st.text())
def test_no_name_ends_its_string_in_the_style_sheet(name: str) -> None:
    """Between the quotes there are letters, digits, and escapes."""
    made = css_text(name)
    inside = made[1:-1]
    assert (made[0], made[-1]) == ('"', '"')
    assert not set(inside) & set("\"'<>{};\n")


def test_ordinary_name_stays_readable() -> None:
    """Letters are letters; all else is its number."""
    assert css_text("Rack A1") == '"Rack\\20 A1"'
