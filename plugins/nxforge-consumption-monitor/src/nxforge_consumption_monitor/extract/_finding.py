"""Steps that say where a value stands."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta

from ._charset import AUTO, check_charset
from ._errors import RuleError
from ._html import check_selector
from ._label import Direction, LabelMatch
from ._path import check_path
from ._pattern import check_pattern
from ._step import BaseStep, Text
from ._telegram import OBIS
from ._xml import check_xml_path

__all__ = [
    "ColumnStep",
    "CssStep",
    "DecodeStep",
    "JsonStep",
    "KvStep",
    "LabelStep",
    "RegexStep",
    "XmlStep",
]

Select = Literal["only", "first", "last", "sum", "min", "max", "count"]


class DecodeStep(BaseStep, frozen=True, kw_only=True, tag="decode"):
    """Read the bytes as text; implied, and only needed to pin a character set.

    Attributes:
        charset: A name pins it; `auto` finds out.
        hex: The text so far is written as hexadecimal digits, two for each byte.
    """

    charset: Text = AUTO
    hex: bool = False

    def __post_init__(self) -> None:
        check_charset(self.charset)


class JsonStep(BaseStep, frozen=True, kw_only=True, tag="json"):
    """Take a value out of JSON.

    Attributes:
        path: RFC 9535 (`$...`) or the short form `emeters[0].total`.
        select: What to make of several values; `only` refuses them. A path to one
            array is a path to its elements, except for `only`.
        default: Stands in for a missing or null value; without it that is an error.
        from_script: Selector of a script element that contains the JSON.
    """

    path: Text
    select: Select = "only"
    default: Decimal | None = None
    from_script: Text | None = None

    def __post_init__(self) -> None:
        check_path(self.path)
        if self.from_script is not None:
            check_selector("fromScript", self.from_script)


class CssStep(BaseStep, frozen=True, kw_only=True, tag="css"):
    """Take the text of an element, or an attribute of it.

    Attributes:
        selector: CSS; `:lexbor-contains("text")` is allowed, `:has` is not.
        index: Which of the matches; negative counts from the end. Without it there
            must be one only.
        attribute: Name of the attribute to take.
        own_text: Leave the text of inner elements out.
    """

    selector: Text
    index: int | None = None
    attribute: Text | None = None
    own_text: bool = False

    def __post_init__(self) -> None:
        check_selector("selector", self.selector)


class LabelStep(BaseStep, frozen=True, kw_only=True, tag="label"):
    """Take the text beside a label.

    Attributes:
        label: What the page prints before the value.
        match: How to compare; case and a colon at the end never matter.
        direction: Where the value stands.
        nth: Which cell in that direction, counted from 1.
        within: Selector of the part of the page to look in.
    """

    label: Text
    match: LabelMatch = "exact"
    direction: Direction = "right"
    nth: Annotated[int, Meta(ge=1, le=100)] = 1
    within: Text | None = None

    def __post_init__(self) -> None:
        if self.match == "regex":
            check_pattern("label", self.label)
        if self.within is not None:
            check_selector("within", self.within)


class ColumnStep(BaseStep, frozen=True, kw_only=True, tag="column"):
    """Take the cell of a table under a header.

    Attributes:
        header: What the table prints above the value.
        row: Which row below the header, counted from 1, or from the end if negative;
            or what another cell of the row says.
        match: How to compare the header.
        within: Selector of the part of the page to look in.
    """

    header: Text
    row: int | Text = 1
    match: LabelMatch = "exact"
    within: Text | None = None

    def __post_init__(self) -> None:
        if self.row == 0:
            raise RuleError(
                field="row",
                what="0 is no row",
                remedy="the first row below the header is 1, the last one is -1",
            )
        if self.match == "regex":
            check_pattern("header", self.header)
        if self.within is not None:
            check_selector("within", self.within)


class XmlStep(BaseStep, frozen=True, kw_only=True, tag="xml"):
    """Take the text of an element of XML, or an attribute.

    Attributes:
        path: `device[@id=17]/powermeter/energy`, found wherever it stands, or an
            XPath from the root (`/...`); names without their prefixes.
        index: Which of the matches; negative counts from the end. Without it there
            must be one only.
    """

    path: Text
    index: int | None = None

    def __post_init__(self) -> None:
        check_xml_path("path", self.path)


class RegexStep(BaseStep, frozen=True, kw_only=True, tag="regex"):
    """Take what a pattern finds in the text so far, or in the page.

    Attributes:
        pattern: RE2 syntax.
        group: Which group; by default the first, or the whole match.
    """

    pattern: Annotated[str, Meta(min_length=1, max_length=1000)]
    group: int | None = None

    def __post_init__(self) -> None:
        check_pattern("pattern", self.pattern, self.group)


class KvStep(BaseStep, frozen=True, kw_only=True, tag="kv"):
    """Take the value of a key: `1-0:1.8.1(001581.123*kWh)`.

    Attributes:
        key: The OBIS code, or what stands before the separator.
        separator: `(` for OBIS telegrams; else for example `=` or `:`.
        index: Which of several values in parentheses; negative from the end.
    """

    key: Text
    separator: Annotated[str, Meta(min_length=1, max_length=10)] = OBIS
    index: int = 0
