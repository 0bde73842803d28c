"""Values as people read them, and spans of time from addresses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from nxforge_core.api import ui
from nxforge_core.ui import to_html, window_of
from nxforge_core.ui._words import ago, length, number

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
NARROW = "\N{NO-BREAK SPACE}"
PAGE = ui.Page(name="p", title="P", body=[], public=True, window="6h")


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (1234567.891, None, "1,234,567.891"),
        (Decimal("0.1230"), None, "0.123"),
        (Decimal("2.3525534"), 3, "2.353"),
        (5, 2, "5.00"),
        (-0.0001, None, "0"),
        (-3, None, "\N{MINUS SIGN}3"),
        (1e20, None, "100,000,000,000,000,000,000"),
        (Decimal("1.2345678e30"), None, "1.235e+30"),
        (Decimal("sNaN"), None, "unknown"),
        (float("nan"), None, "unknown"),
        (float("inf"), None, "unknown"),
    ],
)
def test_numbers_have_their_digits(value: Any, places: int | None, text: str) -> None:
    """Thousands are told apart, nothing is rounded to a lie."""
    assert number(value, places) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (0.52, "0.5 s"),
        (59, "59 s"),
        (60, "1 min"),
        (7200, "2 h"),
        (172800, "2 d"),
    ],
)
def test_spans_are_in_their_greatest_unit(seconds: float, text: str) -> None:
    """One unit is enough to know how old something is."""
    assert length(timedelta(seconds=seconds)).replace(NARROW, " ") == text
    assert ago(NOW - timedelta(seconds=seconds), NOW).endswith("ago")
    assert ago(NOW + timedelta(seconds=5), NOW) == f"in 5{NARROW}s"


@pytest.mark.parametrize(
    ("params", "hours"),
    [
        ({}, 6),
        ({"window": "7d"}, 168),
        ({"window": "9y"}, 6),
        ({"window": "2h"}, 6),
        ({"from": "2026-03-01T10:00:00+00:00"}, 2),
        ({"from": "2026-03-01T10:00:00Z", "to": "2026-03-01T11:00:00Z"}, 1),
        ({"from": "2026-03-01T10:00:00"}, 6),
        ({"from": "2027-01-01T00:00:00Z"}, 6),
        ({"from": "soon", "to": "later"}, 6),
        ({"from": "0001-01-01T00:00:00+14:00"}, 6),
    ],
)
def test_window_is_what_the_address_says(params: dict[str, str], hours: int) -> None:
    """What makes no sense is passed over; only offered spans count."""
    assert window_of(PAGE, params, NOW).seconds == hours * 3600


@pytest.mark.parametrize(
    ("points", "count"),
    [("", 800), ("100", 100), ("1", 50), ("99999", 5000), ("x", 800), ("9999999", 800)],
)
def test_points_are_bounded(points: str, count: int) -> None:
    """A screen has so many columns, and no address makes it more."""
    assert window_of(PAGE, {"points": points}, NOW).points == count


def link(href: str) -> str:
    """A link as it is written."""
    return f'<p><a href="{href}" rel="noreferrer">x</a></p>'


PRE = '<pre tabindex="0"><code>'
LISTS = "<ul><li>a</li><li>b more</li></ul><ol><li>c</li></ol>"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a\nb\n\nc", "<p>a b</p><p>c</p>"),
        ("## H\ntext", "<h3>H</h3><p>text</p>"),
        ("- a\n- b\n  more\n\n1. c", LISTS),
        ("> said\n> so", "<blockquote><p>said so</p></blockquote>"),
        (
            "```\n<b>\n\n- x\n```\nend",
            f"{PRE}&lt;b&gt;\n\n- x</code></pre><p>end</p>",
        ),
        ("*a* **b** `c` *", "<p><em>a</em> <strong>b</strong> <code>c</code> *</p>"),
        ("[x](page)", link("/nx/ui/probe/page")),
        ("[x](https://a.example/b)", link("https://a.example/b")),
        ("[x](//evil.example)", link("/nx/ui/probe/evil.example")),
        ("```", f"{PRE}</code></pre>"),
    ],
)
async def test_marks_become_elements(looks: Any, text: str, html: str) -> None:
    """The subset is what it says; everything else stands as it is."""
    [card] = await looks.cards(ui.Text(text))

    assert "".join(map(to_html, card.children)) == html
