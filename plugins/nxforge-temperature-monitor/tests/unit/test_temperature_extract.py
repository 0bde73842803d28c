"""The temperature in an answer."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nxforge_temperature_monitor.extract import (
    ExtractionError,
    Kind,
    Unit,
    celsius_of,
    find_text,
)

JSON = b'{"sensors": [{"t": 21.500}, {"t": "22,5 C"}], "ok": true}'
HTML = b"<table><tr><td>Inlet</td><td class=t>-3.25 &deg;C</td></tr></table>"


@pytest.mark.parametrize(
    ("body", "kind", "place", "text"),
    [
        (JSON, "json", "sensors[0].t", "21.500"),
        (JSON, "json", "sensors[1].t", "22,5 C"),
        (b"21.125", "json", "", "21.125"),
        (HTML, "html", "td.t", "-3.25 °C"),
    ],
)
def test_text_at_the_place_is_found(
    body: bytes, kind: Kind, place: str, text: str
) -> None:
    """To the digit, as the device wrote it."""
    assert find_text(body, kind, place) == text


@pytest.mark.parametrize(
    ("body", "kind", "place", "why"),
    [
        (JSON, "json", "sensors[2].t", r"there is no \[2\]"),
        (JSON, "json", "sensors.t", "there is no t"),
        (JSON, "json", "ok", "no number and no text"),
        (b"<html>", "json", "t", "is no JSON"),
        (HTML, "html", "td.x", "no such element"),
        (HTML, "html", "td[[", "no CSS selector"),
    ],
)
def test_missing_temperature_is_told_with_its_place(
    body: bytes, kind: Kind, place: str, why: str
) -> None:
    """The error says what is wrong and where."""
    with pytest.raises(ExtractionError, match=why):
        find_text(body, kind, place)


@pytest.mark.parametrize(
    ("text", "unit", "celsius"),
    [
        ("21.5", "C", "21.500"),
        ("Temp T1: 21,5 °C", "C", "21.500"),
        ("−4", "C", "-4.000"),  # noqa: RUF001 - what a device shows
        ("212 °F", "F", "100.000"),
        ("70", "F", "21.111"),
        ("0", "K", "-273.150"),
    ],
)
def test_number_is_in_degrees_celsius(text: str, unit: Unit, celsius: str) -> None:
    """Words and units around it do not matter, nor which mark is the decimal one."""
    assert celsius_of(text, unit) == Decimal(celsius)


@pytest.mark.parametrize("text", ["", "n/a", "12:30", "1.234,5", "2026-01-31", "T1"])
def test_what_is_no_temperature_is_refused(text: str) -> None:
    """A time, a date, a name or a number that can be read in two ways."""
    with pytest.raises(ExtractionError, match="is no number"):
        celsius_of(text, "C")


@given(st.decimals("-273.15", "999", places=3))
def test_every_temperature_comes_back_exact(celsius: Decimal) -> None:
    """Whatever a device can write is read to the thousandth, with either mark."""
    for text in (f"{celsius}", f"{celsius} °C".replace(".", ",")):
        assert celsius_of(text, "C") == celsius
