"""What a dry run concludes from texts, without a device."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nxforge_consumption_monitor.trying import (
    around,
    compare_formats,
    mask_with,
    masked_headers,
    propose_modulus,
)

SECRET = "korrekt-horse-47"  # noqa: S105 - of this test only


@pytest.mark.parametrize(
    ("texts", "verdict", "form"),
    [
        (["12,5", "1,234"], "pin", "comma"),
        (["12.5", "1.234"], "pin", "dot"),
        (["1,234"], "pin", None),
        (["1.234", "5,678"], "pin", None),
        (["12,5", "12.5"], "conflict", None),
        (["1.234,56", "1,234.56"], "conflict", None),
        (["12,5", "13,25"], "agreed", "comma"),
        (["1234", "1235"], "agreed", None),
        (["x x x", "12.5"], "agreed", "dot"),
        ([], "agreed", None),
    ],
)
def test_texts_tell_which_decimal_sign_they_have(
    texts: list[str], verdict: str, form: str | None
) -> None:
    """A doubt in one text is settled by another, and never by a guess."""
    found = compare_formats(texts)

    assert (found.verdict, found.format) == (verdict, form)


@pytest.mark.parametrize(
    ("text", "unit", "told"),
    [
        ("00012345", "kWh", (8, Decimal(10) ** 8)),
        ("00012345 kWh", "", (8, Decimal(10) ** 8)),
        ("001581.123*kWh", "kWh", (6, Decimal(10) ** 6)),
        ("006545766*Wh", "Wh", (9, Decimal(10) ** 6)),
        ("12345", "kWh", None),
        ("0.5", "kWh", None),
        ("05", "kWh", None),
        ("0" * 20, "kWh", None),
        ("00012345", "VA", None),
        ("1581.1 + 00012.5", "kWh", None),
    ],
)
def test_leading_zeros_tell_the_width_of_a_register(
    text: str, unit: str, told: tuple[int, Decimal] | None
) -> None:
    """Padding says where the register begins again; without it nothing is said."""
    found = propose_modulus(text, unit)

    assert (found and (found.digits, found.modulus_kwh)) == told


@given(st.text(max_size=300), st.text(max_size=300), st.integers(0, 400))
def test_excerpt_never_shows_a_part_of_a_secret(
    before: str, after: str, offset: int
) -> None:
    """Wherever the cut falls, half a secret is not left over."""
    text = before + SECRET + after
    at = min(offset, len(text))

    found = around(text, at, 5, mask_with([SECRET]))

    assert SECRET not in found
    assert len(found) <= 4_000


def test_excerpt_shows_the_match_and_what_is_around_it() -> None:
    """The number is in the middle, the page's other end is not."""
    text = "a" * 1000 + "<td>12345.6</td>" + "b" * 1000

    found = around(text, text.index("12345.6"), 7, mask_with([]))

    assert "<td>12345.6</td>" in found
    assert 300 < len(found) < 400


def test_excerpt_masks_what_a_key_says_is_a_secret() -> None:
    """The page's own keys are believed when they say pass or token."""
    found = around("token=abcdef&kwh=5", 17, 1, mask_with([]))

    assert "abcdef" not in found
    assert "kwh=5" in found


def test_headers_that_log_in_are_masked() -> None:
    """Cookies are nobody's business, and a value that is the secret is masked."""
    headers = {"set-cookie": "sid=1", "server": "x", "x-echo": SECRET}

    found = masked_headers(headers, mask_with([SECRET]))

    assert found == {"set-cookie": "***", "server": "x", "x-echo": "***"}
