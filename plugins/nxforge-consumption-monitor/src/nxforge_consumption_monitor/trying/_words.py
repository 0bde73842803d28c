"""What warnings mean, in a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from nxforge_consumption_monitor.models import TrialWarning

__all__ = ["warning", "warnings_of"]

_WORDS: Final = {
    "ambiguous_decimal": "one dot with three digits behind it was read as a decimal "
    "sign; pin the format in a number step",
    "auth_paused": "the device refused this login twice: rounds do not send it before "
    "it is changed, and it may lock the account",
    "charset_differs": "the page is not in the character set that it declares",
    "coarse_resolution": "the last digit is worth more than the device can draw in one "
    "interval: hours will look like steps",
    "format_conflict": "no single decimal sign reads all texts that were seen",
    "format_unpinned": "a text can be read in two ways; pin the format in a number "
    "step before the rule is saved",
    "invalid_zero": "register, power and voltage are all 0: the device measured "
    "nothing, and a round rejects that",
    "milli_unit": "the number is read in thousandths (mW, mV or mA)",
    "negative_energy": "the register is negative: it may be a difference, or need a "
    "sign step",
    "not_checked": "the device's certificate is not checked: pin it instead",
    "power_above_apparent": "more watts than volt-amperes: one of them is read in the "
    "wrong unit",
    "power_above_max": "more than the endpoint's maxKw: watts may be read as kW",
    "unit_assumed": "nothing on the page says the unit: compare the value with the "
    "display",
    "unit_differs": "the page prints another unit than the rule fixes",
    "unknown_resolution": "the number has the noise of a binary float, so its last "
    "digit says nothing",
}


def warning(code: str) -> TrialWarning:
    """One warning with its sentence."""
    return TrialWarning(code=code, message=_WORDS.get(code, code))


def warnings_of(codes: Iterable[str]) -> list[TrialWarning]:
    """Warnings with their sentences, each once."""
    return [warning(code) for code in dict.fromkeys(codes)]
