"""Values as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from nxforge_core.api import load_texts
from nxforge_core.ui.speech import current

__all__ = ["NO_BREAK", "ago", "finite", "length", "number", "stamp", "with_unit"]

say = load_texts("nxforge_core")

NO_BREAK: Final = "\N{NO-BREAK SPACE}"
_MINUS: Final = "\N{MINUS SIGN}"
#: Decimal places of a number that says nothing else.
_PLACES: Final = 3
#: More digits before the point than anybody reads.
_DIGITS: Final = 20
_ABSURD: Final = 1e100
_STEPS: Final = ((86_400, "d"), (3_600, "h"), (60, "min"))


def number(value: float | Decimal, places: int | None = None) -> str:
    """A number with its thousands told apart; without a number in it, `unknown`.

    Args:
        value: Any number.
        places: Decimal places; None: as many as it has, up to three.
    """
    if finite(value) is None:
        return str(say("unknown"))
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    if exact.adjusted() > _DIGITS:
        return f"{exact:.4g}"
    most = Decimal(1).scaleb(-(_PLACES if places is None else places))
    rounded = exact.quantize(most, rounding=ROUND_HALF_EVEN)
    text = f"{abs(rounded):,f}"
    if places is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    text = current().number(abs(rounded), text)
    return f"{_MINUS}{text}" if rounded < 0 else text


def finite(value: object) -> float | None:
    """A number as it is drawn; None for what is none, and what no meter measures."""
    if isinstance(value, Decimal) and not value.is_finite():
        return None
    if not isinstance(value, int | float | Decimal):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if abs(found) < _ABSURD else None  # also refuses NaN


def with_unit(text: str, unit: str) -> str:
    """A number and its unit, which no line ends between."""
    return f"{text}{NO_BREAK}{unit}" if unit else text


def stamp(at: datetime) -> str:
    """An instant for those whose browser does not know their zone."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def ago(at: datetime, now: datetime) -> str:
    """How long ago it was: `12 s ago`, `in 3 min`."""
    span = now - at
    words = length(abs(span))
    text = say("in {span}") if span < timedelta() else say("{span} ago")
    return text.format(span=words)


def length(span: timedelta) -> str:
    """A span of time in its greatest unit, and the next one where that says more."""
    seconds = span.total_seconds()
    for size, unit in _STEPS:
        if seconds >= size:
            return f"{seconds / size:.0f}{NO_BREAK}{unit}"
    places = 0 if seconds >= 10 or seconds == int(seconds) else 1  # noqa: PLR2004 - digits enough
    return f"{seconds:.{places}f}{NO_BREAK}s"
