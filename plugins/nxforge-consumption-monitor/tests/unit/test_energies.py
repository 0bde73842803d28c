"""Numbers with a unit of energy are found on any page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nxforge_consumption_monitor.trying._energies import energies


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<b>12,543.5</b> kWh", ("12,543.5 kWh",)),
        ("T1: 1 234 567&nbsp;Wh, T1: 1 234 567 Wh", ("1 234 567 Wh",)),
        ("Energy 5.1MWh Power 7 kW", ("5.1MWh",)),
        ("12 kWhr 13 kWh", ("13 kWh",)),
        ("no energy", ()),
    ],
)
def test_energies_are_found_as_the_page_writes_them(
    text: str, found: tuple[str, ...]
) -> None:
    """Markup and blanks are no part of a number; each is told once."""
    assert energies(text) == found


@given(st.text())
def test_any_text_is_looked_through(text: str) -> None:
    """What is found stands in the text, its blanks aside."""
    for each in energies(text):
        assert each.split()[0] in text
