"""Steps that make a number of what was found, and decide whether it counts."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Final, Literal

from msgspec import Meta

from ._errors import RuleError
from ._instant import check_time
from ._number import NumberFormat
from ._path import check_path
from ._step import BaseStep, Text
from ._xml import check_xml_path

__all__ = [
    "GuardStep",
    "HexnumStep",
    "NumberStep",
    "OffsetStep",
    "ScaleStep",
    "SignStep",
    "Source",
    "TimeStep",
    "UnitStep",
]

Operator = Literal["==", "!=", "<", "<=", ">", ">=", "exists"]
#: What a path of a guard or hexnum step leads into.
Source = Literal["json", "xml"]
_LARGEST_FACTOR: Final = Decimal(10) ** 12


class NumberStep(BaseStep, frozen=True, kw_only=True, tag="number"):
    """Read the first number of the text; implied where a number is needed."""

    format: NumberFormat = "auto"


class HexnumStep(BaseStep, frozen=True, kw_only=True, tag="hexnum"):
    """Read a hexadecimal number, times a multiplier, through a divisor.

    Attributes:
        value: Path to the number; without it, the text so far is the number.
        multiplier: Path to what it is multiplied by; 0 there means 1.
        divisor: Path to what it is divided by; 0 there means 1.
        source: Whether the page is JSON or XML.
        signed: The first bit of the digits is a minus sign.
    """

    value: Text | None = None
    multiplier: Text | None = None
    divisor: Text | None = None
    source: Source = "json"
    signed: bool = False

    def __post_init__(self) -> None:
        for field in ("value", "multiplier", "divisor"):
            path = getattr(self, field)
            if path is not None:
                _check_source(field, path, self.source)


class TimeStep(BaseStep, frozen=True, kw_only=True, tag="time"):
    """Read the device's clock; implied at the end of a rule for `device_time`.

    Attributes:
        format: `epoch`, `iso`, `dsmr` (`161113205757W`), a pattern as `strptime` takes
            it, or `auto`.
        tz: IANA zone of a time without an offset; without it, that of the endpoint.
    """

    format: Annotated[str, Meta(min_length=1, max_length=60)] = "auto"
    tz: Annotated[str, Meta(min_length=1, max_length=60)] | None = None

    def __post_init__(self) -> None:
        check_time(self.format, self.tz)


class UnitStep(BaseStep, frozen=True, kw_only=True, tag="unit"):
    """Convert to kWh, kW, V, A or Hz; implied at the end.

    Attributes:
        fixed: The unit of the number; without it, it is read behind the number.
    """

    fixed: Annotated[str, Meta(min_length=1, max_length=20)] | None = None


class ScaleStep(BaseStep, frozen=True, kw_only=True, tag="scale"):
    """Multiply, for example by the ratio of a transformer."""

    factor: Decimal

    def __post_init__(self) -> None:
        size = abs(self.factor) if self.factor.is_finite() else Decimal(0)
        if not 1 / _LARGEST_FACTOR <= size <= _LARGEST_FACTOR:
            raise RuleError(
                field="factor",
                what=f"{self.factor} is no factor",
                remedy="give a number other than 0, such as '0.001' or '40'",
            )


class SignStep(BaseStep, frozen=True, kw_only=True, tag="sign"):
    """Turn the sign around, for a meter that counts the other way."""


class OffsetStep(BaseStep, frozen=True, kw_only=True, tag="offset"):
    """Add a constant: what a meter had counted before it was replaced.

    Attributes:
        value: In the unit the number has at this place: kWh behind a unit step.
    """

    value: Decimal

    def __post_init__(self) -> None:
        if not self.value.is_finite() or abs(self.value) > _LARGEST_FACTOR:
            raise RuleError(
                field="value",
                what=f"{self.value} cannot be added",
                remedy="give a number such as '1200.5' or '-3'",
            )


class GuardStep(BaseStep, frozen=True, kw_only=True, tag="guard"):
    """Go on only when the page itself says so; else there is no value.

    Attributes:
        path: What to look at; every value it selects must hold, and one must exist.
        operator: How to compare.
        value: What to compare with.
        source: Whether the page is JSON or XML, whose texts are compared as numbers
            with a number.
    """

    path: Text
    operator: Operator = "=="
    value: bool | int | float | str | None = None
    source: Source = "json"

    def __post_init__(self) -> None:
        _check_source("path", self.path, self.source)
        is_number = isinstance(self.value, int | float) and self.value is not True
        if self.operator in {"<", "<=", ">", ">="} and not is_number:
            raise RuleError(
                field="value",
                what=f"{self.value!r} cannot be compared with {self.operator!r}",
                remedy="give a number, or use '==' or '!='",
            )


def _check_source(field: str, path: str, source: Source) -> None:
    if source == "xml":
        check_xml_path(field, path)
    else:
        check_path(path)
