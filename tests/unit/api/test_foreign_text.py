"""Text from devices, files and people on its way to terminals and spreadsheets."""

from __future__ import annotations

import msgspec
import pytest
from hostile import TERMINAL
from hypothesis import given
from hypothesis import strategies as st

from nxforge_core.api import bare_cell, guard_cell, visible


@pytest.mark.parametrize("text", [*TERMINAL, "\x00", "\ud800"], ids=ascii)
def test_terminal_is_shown_and_obeys_nothing(text: str) -> None:
    """One line of signs that have a shape, the rest as escapes."""
    shown = visible(f"before {text} after")

    assert shown.isprintable()
    assert shown.startswith("before ")
    assert shown.endswith(" after")
    assert "\\" in shown


def test_lines_stay_where_they_are_wanted() -> None:
    """A document keeps its line breaks and nothing else."""
    assert visible("a\nb\r\x1b", lines=True) == "a\nb\\r\\u001b"
    assert visible("ö 表 €") == "ö 表 €"


@given(st.text())
def test_json_that_is_made_visible_is_the_same_json(text: str) -> None:
    """What a terminal shows is what a program reads."""
    document = msgspec.json.encode({"text": text.encode("utf-8", "replace").decode()})
    shown = visible(document.decode(), lines=True)

    assert all(sign.isprintable() or sign == "\n" for sign in shown)
    assert msgspec.json.decode(shown) == msgspec.json.decode(document)


@pytest.mark.parametrize(
    "text",
    [
        "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\0=1", " =1", "'=1",
        "\u00a0=1", "\ufeff=1", "＝1", "＋1", "－1", "＠A1",  # noqa: RUF001 - wide ones
        '=HYPERLINK("http://x","y")', "=cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0",
    ],
)  # fmt: skip
def test_spreadsheet_computes_no_text(text: str) -> None:
    """All beginnings of formulas get an apostrophe, which comes off again."""
    assert guard_cell(text) == f"'{text}"
    assert bare_cell(guard_cell(text)) == text


@pytest.mark.parametrize("text", ["", "Rack A1", "a=1", "1-2", "'quoted'", "1+1"])
def test_other_text_stays_as_it_is(text: str) -> None:
    """What begins no formula needs no guard."""
    assert guard_cell(text) == text
    assert bare_cell(text) == text


@given(st.text(alphabet="=+-@\t\r\n' a1", max_size=8))
def test_guard_comes_off_again(text: str) -> None:
    """Whatever was guarded is read back as it was."""
    assert bare_cell(guard_cell(text)) == text
