"""Reading one number out of a text a device shows."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nxforge_consumption_monitor.extract import (
    NumberError,
    NumberFormat,
    UnitError,
    convert,
    parse_number,
)

FORMATS: tuple[NumberFormat, ...] = ("auto", "comma", "dot")
QUANTITY = {"kW": "power", "kWh": "energy", "V": "voltage", "A": "current"}


def golden(name: str) -> list[Any]:
    """Return a list of the worked examples beside the repository."""
    for folder in Path(__file__).resolve().parents:
        if (folder / "noxfile.py").exists() or (folder / ".git").exists():
            vectors = folder.parent / "shared" / "golden" / "vectors.json"
            if vectors.exists():
                found: list[Any] = json.loads(vectors.read_text("utf-8"))[name]
                return found
    return []


def vectors(name: str) -> list[Any]:
    """Return the examples as parameters, one skipped one where they are absent."""
    reason = "shared/golden/vectors.json is not beside the repository"
    skipped = pytest.param({}, marks=pytest.mark.skip(reason=reason))
    return golden(name) or [skipped]


@pytest.mark.parametrize("case", vectors("number_parsing"))
def test_number_equals_the_golden_vector(case: dict[str, Any]) -> None:
    """Every worked example is read as the specification says, warning included."""
    expected = case["expected"]
    if "error" in expected:
        with pytest.raises(NumberError) as raised:
            parse_number(case["text"], case["format"])
        assert raised.value.reason == expected["error"]
        assert raised.value.remedy
        return

    parsed = parse_number(case["text"], case["format"])

    assert parsed.value == Decimal(expected["value"])
    warning = expected.get("warning")
    assert parsed.warnings == ((warning,) if warning else ())


@pytest.mark.parametrize("case", vectors("units"))
def test_unit_equals_the_golden_vector(case: dict[str, Any]) -> None:
    """Every worked conversion gives the exact value, or the named refusal."""
    quantity = QUANTITY[case["to"]]
    expected = case["expected"]
    if "error" in expected:
        with pytest.raises(UnitError) as raised:
            convert(Decimal(case["value"]), case["unit"], quantity)  # type: ignore[arg-type]  # a literal by its key
        assert raised.value.reason == expected["error"]
        assert raised.value.outcome == "unit"
        assert repr(case["unit"]) in raised.value.message
        return

    value = convert(Decimal(case["value"]), case["unit"], quantity)  # type: ignore[arg-type]  # a literal by its key

    assert value == Decimal(expected["value"])


@pytest.mark.parametrize(
    ("text", "form", "value"),
    [
        ("1.234,56 kWh", "comma", "1234.56"),
        ("1,234.56 kWh", "dot", "1234.56"),
        ("L1: 230 V", "auto", "230"),
        ("Energy......123.4 kWh", "auto", "123.4"),
        (".5 kW", "auto", "0.5"),
        (",5 kW", "auto", "0.5"),
        ("- 376 W", "auto", "-376"),
        ("+12.5", "auto", "12.5"),
        ("T-5", "auto", "5"),
    ],
)
def test_number_is_the_first_token(text: str, form: NumberFormat, value: str) -> None:
    """Names with digits, leaders and padding do not change the number."""
    assert parse_number(text, form).value == Decimal(value)


@pytest.mark.parametrize(
    ("text", "form", "reason"),
    [
        ("1.234,56 kWh", "dot", "malformed_number"),
        ("1,234.56 kWh", "comma", "malformed_number"),
        ("1,,234", "auto", "malformed_number"),
        ("0x1F", "auto", "malformed_number"),
        ("0,123", "dot", "malformed_number"),
        ("192.168.1.5", "auto", "malformed_number"),
        ("1e99999 Wh", "auto", "malformed_number"),
        ("12:30", "auto", "malformed_number"),
        ("2025-01-31 12.5", "auto", "malformed_number"),
        ("1/2 kWh", "dot", "malformed_number"),
        ("1-0:1.8.0(5*kWh)", "auto", "malformed_number"),
        ("1e400", "auto", "out_of_range"),
        ("9" * 100, "auto", "out_of_range"),
        ("V1.5", "auto", "no_number"),
        ("∞", "auto", "no_number"),
    ],
)
def test_number_is_refused_when_it_would_be_a_guess(
    text: str, form: NumberFormat, reason: str
) -> None:
    """What could be read in two ways, or is no register, is an error with a remedy."""
    with pytest.raises(NumberError) as raised:
        parse_number(text, form)

    assert raised.value.reason == reason
    assert raised.value.remedy


@given(st.text(), st.sampled_from(FORMATS))
def test_number_fails_only_as_number_error(text: str, form: NumberFormat) -> None:
    """Any text at all is a number within bounds, or a NumberError."""
    try:
        value = parse_number(text, form).value
    except NumberError:
        value = Decimal(0)

    assert value.is_finite()
    assert abs(value) < Decimal(10) ** 21


@given(
    st.text(alphabet="0123456789.,'’ eE+-xkWh\u00a0\u202f\u2212", max_size=30),  # noqa: RUF001 - separators of devices
    st.sampled_from(FORMATS),
)
def test_number_fails_only_as_number_error_when_it_looks_like_one(
    text: str, form: NumberFormat
) -> None:
    """Texts made of the signs of numbers hold the same promise."""
    try:
        warnings = parse_number(text, form).warnings
    except NumberError as error:
        warnings = (error.reason,)

    assert set(warnings) <= {
        "ambiguous_decimal",
        "ambiguous_number",
        "malformed_grouping",
        "malformed_number",
        "no_number",
        "out_of_range",
    }


@given(st.text().filter(lambda text: not any(c in "0123456789" for c in text)))
def test_number_is_never_zero_without_a_digit(text: str) -> None:
    """Unknown is not zero: without a digit there is no number."""
    with pytest.raises(NumberError) as raised:
        parse_number(text)

    assert raised.value.reason == "no_number"


NUMBERS = st.decimals(min_value=-(10**11), max_value=10**11, allow_nan=False, places=4)


@given(NUMBERS, st.sampled_from(["", " ", "\u00a0", "\u202f", "'", "’", "."]))  # noqa: RUF001 - separators of devices
def test_number_survives_a_round_trip_with_a_comma(value: Decimal, group: str) -> None:
    """A number written with a decimal comma and any grouping is read back exactly."""
    text = f"{value:,.4f}".replace(",", "_").replace(".", ",").replace("_", group)

    assert parse_number(f" {text} kWh", "comma").value == value
    assert parse_number(text, "auto").value == value


@given(NUMBERS, st.sampled_from(["", " ", "\u2009", "'", ","]))
def test_number_survives_a_round_trip_with_a_dot(value: Decimal, group: str) -> None:
    """A number written with a decimal dot and any grouping is read back exactly."""
    text = f"{value:,.4f}".replace(",", group)

    assert parse_number(f"{text}*kWh", "dot").value == value
    assert parse_number(text, "auto").value == value


@given(st.integers(min_value=0, max_value=10**11), st.integers(0, 8))
def test_number_keeps_every_digit_of_padded_registers(value: int, zeros: int) -> None:
    """Leading zeros, as registers have them, do not change the number."""
    assert parse_number("0" * zeros + str(value)).value == value
