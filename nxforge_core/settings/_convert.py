"""One raw value into its type, leniently where it came as text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from ._expect import expectation, is_list, is_table
from ._mask import masked

__all__ = ["WrongValueError", "convert_value"]


class WrongValueError(Exception):
    """A value that does not fit its type; the caller knows key and source."""

    def __init__(self, key: str, value: object, kind: Any, detail: str) -> None:
        super().__init__(key)
        self.what = f"is {masked(key, value)!r}"
        self.remedy = f"expected {expectation(kind)}"
        # A place inside the value helps; the value itself is never in such a text.
        place = detail.partition(" - at ")[2]
        if place:
            self.remedy += f" (at {place})"


def convert_value(key: str, value: object, kind: Any, *, lenient: bool) -> Any:
    """Convert one value.

    Args:
        key: Its name decides whether the value is masked in the error.
        value: As it was read.
        kind: The type wanted, with its limits.
        lenient: The value is text of a variable: `"8080"` is a number and
            `"a, b"` a list, and a table is JSON.

    Raises:
        WrongValueError: the value does not fit.
    """
    raw = value
    if lenient and isinstance(raw, str) and is_list(kind):
        raw = [part.strip() for part in raw.split(",") if part.strip()]
    try:
        if lenient and isinstance(raw, str) and is_table(kind):
            raw = msgspec.json.decode(raw)
        return msgspec.convert(raw, kind, strict=not lenient, dec_hook=_decode)
    except (msgspec.DecodeError, ValueError) as error:
        raise WrongValueError(key, value, kind, str(error)) from None


def _decode(kind: type, value: object) -> object:
    if kind is Path and isinstance(value, str | Path) and Path(value).is_absolute():
        str(value).encode()  # raises for bytes that are no UTF-8: URLs carry the path
        return Path(value)
    raise ValueError(kind.__name__)
