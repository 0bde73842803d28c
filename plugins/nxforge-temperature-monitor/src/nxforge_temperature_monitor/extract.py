"""The one temperature in what a sensor answers."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Final, Literal

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from nxforge_core.api import NxForgeError

__all__ = ["ExtractionError", "Kind", "Unit", "celsius_of", "find_text"]

Kind = Literal["json", "html"]
Unit = Literal["C", "F", "K"]

_STEP: Final = re.compile(r"([^.\[\]]+)|\[(\d{1,4})\]")
_NUMBER: Final = re.compile(r"(?<![\w.,])[-+]?\d{1,4}(?:[.,]\d{1,9})?")
#: 12:30, 2026-01-31, 1.234,5 and 192.168.0.1 begin with a number and are none.
_BROKEN: Final = re.compile(r"[.,:/-]?\d")
_MINUS: Final = str.maketrans({"\u2212": "-", "\u2013": "-"})
_PLACES: Final = Decimal("0.001")
_KELVIN: Final = Decimal("273.15")
_SHOWN: Final = 60


class ExtractionError(NxForgeError):
    """An answer without the temperature that the rule promises."""

    code = "no_temperature"

    def __init__(self, place: str, why: str) -> None:
        super().__init__(
            f"no temperature at {place!r}: {why}",
            remedy="compare the rule of the sensor with what its page shows",
        )


def find_text(body: bytes, kind: Kind, place: str) -> str:
    """What stands at the place.

    Args:
        body: What the sensor answered.
        kind: What it is.
        place: Members and indexes of JSON (`sensors[0].value`), a CSS selector of HTML.

    Raises:
        ExtractionError: nothing does.
    """
    return _in_json(body, place) if kind == "json" else _in_html(body, place)


def celsius_of(text: str, unit: Unit, place: str = "") -> Decimal:
    """The first number of the text in degrees Celsius, to the thousandth.

    Raises:
        ExtractionError: there is none, or it can be read in two ways.
    """
    clean = text.strip().translate(_MINUS)
    found = _NUMBER.search(clean)
    if found is None or _BROKEN.match(clean, found.end()):
        raise ExtractionError(place, f"{text[:_SHOWN]!r} is no number")
    value = Decimal(found[0].replace(",", "."))
    if unit == "F":
        value = (value - 32) * 5 / 9
    elif unit == "K":
        value -= _KELVIN
    return value.quantize(_PLACES)


def _in_json(body: bytes, place: str) -> str:
    try:
        value = json.loads(body, parse_float=str, parse_int=str)
    except ValueError as error:
        raise ExtractionError(place, f"the answer is no JSON ({error})") from None
    for name, index in _STEP.findall(place):
        value = _step(value, name, index, place)
    if not isinstance(value, str):
        raise ExtractionError(place, "no number and no text is there")
    return value


def _step(value: object, name: str, index: str, place: str) -> object:
    if name and isinstance(value, dict) and name in value:
        return value[name]
    if index and isinstance(value, list) and int(index) < len(value):
        return value[int(index)]
    raise ExtractionError(place, f"there is no {name or f'[{index}]'}")


def _in_html(body: bytes, place: str) -> str:
    try:
        node = LexborHTMLParser(body).css_first(place)
    except SelectolaxError:
        raise ExtractionError(place, "it is no CSS selector") from None
    if node is None:
        raise ExtractionError(place, "the page has no such element")
    return str(node.text())
