"""How cells become text: for programs, or for people of a language."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from nxforge_core.api import InvalidInputError, guard_cell

from ._cells import Cell

__all__ = ["Dialect", "decode_dialect", "heading"]

#: Languages that write 1,5; others write 1.5.
_COMMA: Final = frozenset(
    re.findall(
        "..",
        "bgcsdadeelesfifrhrhuitltlvnbnlplptroruskslsrsvtruk",
    )
)
_LANGUAGES: Final = frozenset({"en", *_COMMA})
_WIDE: Final = Context(prec=60, rounding=ROUND_HALF_UP)
_THOUSANDTH: Final = Decimal("0.001")
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class Dialect(msgspec.Struct, frozen=True, kw_only=True):
    """How a file is written.

    Attributes:
        human: Three decimals, local times, words as headings; else all digits, UTC.
        comma: Decimals are written with a comma.
        delimiter: Between cells.
        zone: Of local times.
    """

    human: bool = False
    comma: bool = False
    delimiter: str = ","
    zone: ZoneInfo = ZoneInfo("UTC")

    def text(self, cell: Cell) -> str:
        """A cell as text."""
        match cell:
            case None:
                return ""
            case bool():
                return self._truth(told=cell)
            case Decimal():
                return self._decimal(cell)
            case datetime():
                return self._instant(cell)
            case str():
                return guard_cell(cell)
        # a day is written as ISO 8601, a whole number as its digits
        return str(cell)

    def _truth(self, *, told: bool) -> str:
        if self.human:
            return "yes" if told else "no"
        return "true" if told else "false"

    def _decimal(self, value: Decimal) -> str:
        if self.human:
            value = value.quantize(_THOUSANDTH, context=_WIDE)
        written = f"{value:f}"
        return written.replace(".", ",") if self.comma else written

    def _instant(self, value: datetime) -> str:
        if self.human:
            local = value.astimezone(self.zone)
            return local.isoformat(sep=" ", timespec="minutes")
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def heading(column: str) -> str:
    """The words of a member's name: `peakKw15m` is `Peak kw15m`."""
    words = _HUMP.sub(" ", column).lower().replace("kwh", "kWh").replace("kw", "kW")
    words = words.replace("kWh", "(kWh)").replace("kW15m", "(kW, 15 min)")
    return words[:1].upper() + words[1:]


def decode_dialect(
    mode: str, locale: str, delimiter: str | None, zone: ZoneInfo
) -> Dialect:
    """Read how a file is wanted: for programs by default.

    Raises:
        InvalidInputError: mode, locale or delimiter is none that there is.
    """
    language = locale.partition("-")[0].lower()
    if mode not in {"machine", "human"}:
        raise InvalidInputError(
            field="mode", value=mode, remedy="give machine or human"
        )
    if language not in _LANGUAGES:
        remedy = f"give one of {', '.join(sorted(_LANGUAGES))}"
        raise InvalidInputError(field="locale", value=locale, remedy=remedy)
    if delimiter not in {None, ",", ";"}:
        raise InvalidInputError(
            field="delimiter", value=delimiter, remedy="give , or ;"
        )
    human = mode == "human"
    comma = human and language in _COMMA
    default = ";" if comma else ","
    return Dialect(human=human, comma=comma, delimiter=delimiter or default, zone=zone)
