"""Rule sets: data that says where an endpoint's values stand."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from ._complete import check_units, has_step
from ._errors import RuleError
from ._source import PageSource
from ._steps import Step, TimeStep
from ._unit import Quantity

__all__ = ["Content", "Rule", "RuleSet", "decode_rules"]

Content = Literal["any", "html", "json", "text"]
SourceName = Annotated[str, Meta(pattern=r"^[a-z0-9_]{1,32}$")]
_MAX_BYTES: Final = 256 * 1024
_ADVICE: Final = (
    "a rule is {'quantity': 'energy', 'steps': [...]}; steps are decode, json, css, "
    "label, column, xml, regex, kv, number, hexnum, time, unit, scale, sign, offset, "
    "guard, combine and alternatives"
)


class Rule(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Where one value of an endpoint stands.

    Attributes:
        quantity: What is measured; energy comes out in kWh, power in kW.
        steps: From the page to the number, in order.
        channel: Which part of the device.
        required: Whether the page is of no use without this value.
        source: Which of the further pages it stands on; empty: on the endpoint's own.
    """

    quantity: Quantity
    steps: Annotated[tuple[Step, ...], Meta(min_length=1, max_length=20)]
    channel: Annotated[str, Meta(pattern=r"^[a-z0-9_]{1,32}$")] = "total"
    required: bool = True
    source: str = ""

    def __post_init__(self) -> None:
        check_units(self.steps, self.quantity)
        if self.quantity != "device_time" and has_step(self.steps, TimeStep):
            raise RuleError(
                field="quantity",
                what=f"a time step gives no {self.quantity}",
                remedy="use it in a rule for the quantity device_time",
            )


class RuleSet(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """All rules of one endpoint, which share one page, and further ones by name.

    Attributes:
        rules: One per channel and quantity.
        content: What the page must be; an error page in its place is refused.
        marker: Text the page must contain to be the right one.
        sources: Further pages of the same device, by name, asked for with the same
            login; the poll has failed when one of them cannot be had.
    """

    rules: Annotated[tuple[Rule, ...], Meta(min_length=1, max_length=50)]
    content: Content = "any"
    marker: Annotated[str, Meta(min_length=1, max_length=200)] | None = None
    sources: Annotated[dict[SourceName, PageSource], Meta(max_length=4)] = {}

    def __post_init__(self) -> None:
        self._check_sources()
        seen: set[tuple[str, str]] = set()
        for rule in self.rules:
            if (rule.channel, rule.quantity) in seen:
                raise RuleError(
                    field="rules",
                    what=f"{rule.quantity} of channel {rule.channel!r} has two rules",
                    remedy="remove one, or give it a channel of its own",
                )
            seen.add((rule.channel, rule.quantity))

    def _check_sources(self) -> None:
        used = {rule.source for rule in self.rules} - {""}
        for name in sorted(used - set(self.sources)):
            raise RuleError(
                field="source",
                what=f"there is no source {name!r}",
                remedy=f"add it to 'sources', or use one of {sorted(self.sources)}",
            )
        for name in sorted(set(self.sources) - used):
            raise RuleError(
                field="sources",
                what=f"no rule reads from the source {name!r}",
                remedy="remove it: each one costs the device a request",
            )


def decode_rules(source: bytes | str | object) -> RuleSet:
    """Read a rule set.

    Args:
        source: JSON text, or what a JSON decoder made of it: an object with `rules`,
            the array of rules alone, or one rule.

    Raises:
        RuleError: It is none; the message names the field, the remedy what to write.
    """
    try:
        data = _decoded(source) if isinstance(source, bytes | str) else source
        if isinstance(data, dict) and "steps" in data:
            data = [data]
        if isinstance(data, list):
            data = {"rules": data}
        return msgspec.convert(data, RuleSet)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        cause = error.__cause__
        remedy = cause.remedy if isinstance(cause, RuleError) else _ADVICE
        raise RuleError(field="rules", what=str(error), remedy=remedy) from None
    except RecursionError:
        raise RuleError(
            field="rules", what="they nest too deep", remedy=_ADVICE
        ) from None


def _decoded(source: bytes | str) -> object:
    if len(source) > _MAX_BYTES:
        raise RuleError(
            field="rules",
            what=f"they have {len(source)} bytes",
            remedy=f"at most {_MAX_BYTES}",
        )
    return msgspec.json.Decoder(float_hook=Decimal).decode(source)
