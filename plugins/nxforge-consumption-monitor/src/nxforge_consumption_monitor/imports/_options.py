"""How a file is to be read, and where it goes."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from hashlib import sha256
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from nxforge_core.api import Body, InvalidInputError

__all__ = [
    "MAX_ROWS",
    "ImportBody",
    "ImportOptions",
    "Kind",
    "NumberFormat",
    "Unit",
    "fingerprint_of",
    "options_of",
]

#: Rows of one file; what is longer is divided. The history is computed again in one
#: transaction, for which the endpoint's polls wait.
MAX_ROWS: Final = 200_000

Text = Annotated[str, Meta(max_length=200)]
Kind = Literal["register", "interval"]
Unit = Literal["kWh", "Wh", "MWh"]
Delimiter = Literal["auto", ",", ";", "\t", "|"]
NumberFormat = Literal["auto", "comma", "dot"]


class ImportOptions(Body):
    """How a file is to be read. A column is its name in the header, or its number.

    Attributes:
        endpoint: Id, name or external reference.
        kind: `register`: what the meter showed; `interval`: energy of each interval.
        unit: Of the values.
        time_column: By default the first one that is named like a time.
        date_column: Where date and time stand apart; joined with a space.
        value_column: By default the first one that is named like a value.
        header: Whether the first row has names; null: it has if it has no number.
        skip_rows: Lines before the header.
        number_format: What comma and dot mean; `auto` refuses what can be read in two
            ways.
        time_format: `iso`, `epoch` (seconds), `epoch-ms`, or a format such as
            `%d.%m.%Y %H:%M`.
        tz: Zone of times without offset; null: the endpoint's.
        interval_s: Seconds of each interval.
        interval_time: Whether a time is the start or the end of its interval.
        start_register: Where the first interval begins, kWh on the meter; null: at
            the register stored last before it, else 0.
    """

    endpoint: Text
    channel: Annotated[str, Meta(pattern="^[a-z0-9_]{1,32}$")] = "total"
    kind: Kind = "register"
    unit: Unit = "kWh"
    time_column: Text | None = None
    date_column: Text | None = None
    value_column: Text | None = None
    header: bool | None = None
    skip_rows: Annotated[int, Meta(ge=0, le=1000)] = 0
    delimiter: Delimiter = "auto"
    number_format: NumberFormat = "auto"
    time_format: Text = "iso"
    tz: Text | None = None
    interval_s: Annotated[int, Meta(ge=1, le=86_400)] | None = None
    interval_time: Literal["start", "end"] = "start"
    start_register: Decimal | None = None
    name: Text = ""


class ImportBody(ImportOptions):
    """A file as JSON: its text, and how to read it."""

    text: str = ""


def options_of(query: Mapping[str, str]) -> ImportOptions:
    """Read options from the texts of a query or a command line, camelCase.

    Raises:
        InvalidInputError: one of them is not what it should be.
    """
    try:
        return msgspec.convert(dict(query), ImportOptions, strict=False)
    except msgspec.ValidationError as error:
        remedy = f"{error}; see the documentation of POST /imports"
        raise InvalidInputError(
            field="options", value=dict(query), remedy=remedy
        ) from error


def fingerprint_of(digest: str, endpoint_id: str, options: ImportOptions) -> str:
    """The same for the same file, read in the same way, into the same channel."""
    how = msgspec.structs.replace(options, endpoint=endpoint_id, name="")
    text = msgspec.json.encode(how, order="sorted")
    return sha256(digest.encode() + text).hexdigest()
