"""A label is found the same way, however it is looked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nxforge_consumption_monitor.extract import (
    Extraction,
    ExtractionError,
    Page,
    decode_rules,
    extract,
)

_SPACE = st.sampled_from(["", " ", "\n ", "&nbsp;", ":", " : "])
_WORD = st.sampled_from(
    ["Total energy", "TOTAL  ENERGY", "Total", "energy", "To", "tal", "total energies"]
)
_TEXT = st.builds("".join, st.lists(st.one_of(_SPACE, _WORD), max_size=3))
_HOLDER = st.sampled_from(["td", "b", "i", "span", "p", "div", "script", "noscript"])
_BELOW = st.recursive(
    _TEXT,
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>",
        _HOLDER,
        st.lists(inner, max_size=3),
    ),
    max_leaves=6,
)
_PAGES = st.builds(
    lambda labels: (
        "<html><table>"
        + "".join(f"<tr><td>{label}</td><td>7.5 kWh</td></tr>" for label in labels)
        + "</table><hr>"
    ),
    st.lists(_BELOW, min_size=1, max_size=4),
)


#: A label in pieces, with nothing behind it: with it on the page, the parser's own
#: search is not enough, and every text is looked at.
_IN_PIECES = "<h1>Total <i>energy</i></h1>"


def _found(page: str, label: str) -> Extraction | str:
    steps = [{"step": "label", "label": label}]
    rules = decode_rules({"quantity": "energy", "steps": steps})
    try:
        return extract(rules, Page(page.encode(), "text/html"))
    except ExtractionError as error:
        return error.outcome


@given(_PAGES)
def test_label_is_the_one_that_reading_every_text_finds(page: str) -> None:
    """The parser's own search and a look at every text of the page agree."""
    found = _found(page, "Total energy:")

    assert found == _found(page + _IN_PIECES, "Total energy:")


@pytest.mark.parametrize(
    "label",
    ['12" rack', "a\\b", "[x] > y", "100 %", "Zählerstand", "ENERGIE Straße"],
)
def test_label_may_have_any_characters(label: str) -> None:
    """What means something to a selector means itself in a label."""
    page = f"<table><tr><td>{label.upper()}:</td><td>7.5 kWh</td></tr></table>"

    found = _found(page, label)

    assert isinstance(found, Extraction)
    assert str(found.energy_kwh) == "7.500000"
