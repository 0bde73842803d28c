"""What a step hands to the next one."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import msgspec

from ._charset import AUTO
from ._excerpt import excerpt
from ._json import Json, show_json

__all__ = ["State"]


class State(msgspec.Struct, frozen=True, kw_only=True):
    """A value on its way from the page to kWh or kW.

    Attributes:
        kind: The whole page, a JSON value, a text, or a number.
        charset: How to read the page.
        value: The JSON value.
        text: The text; of a number the text it was read from.
        number: The number.
        rest: Text behind the number, where its unit stands.
        resolution: Value of the last digit, None where it is only float noise.
        unit: Unit as the device or the rule names it.
        is_base: Whether the number is in the base unit of its quantity.
        is_float: Whether a device's JSON encoder wrote it.
        warnings: What is worth a look, one word each.
    """

    kind: Literal["page", "json", "text", "number"] = "page"
    charset: str = AUTO
    value: Json = None
    text: str = ""
    number: Decimal = Decimal(0)
    rest: str = ""
    resolution: Decimal | None = None
    unit: str = ""
    is_base: bool = False
    is_float: bool = False
    warnings: tuple[str, ...] = ()

    def show(self) -> str:
        """The value in at most 200 characters."""
        match self.kind:
            case "page":
                return "the page"
            case "json":
                return show_json(self.value)
            case "text":
                return excerpt(self.text)
            case "number":
                return excerpt(str(self.number))
