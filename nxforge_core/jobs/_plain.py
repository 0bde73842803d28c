"""Values of handlers as JSON text that PostgreSQL stores without complaint."""

from __future__ import annotations

import re
import traceback
from typing import Final

import msgspec

from nxforge_core.api import NxForgeError

__all__ = ["error_json", "holds_nul", "json_text", "storable_text"]

_MOST_BYTES: Final = 1_000_000
_MOST_TRACEBACK: Final = 20_000
_MOST_MESSAGE: Final = 4_000
#: `\u0000` as JSON writes it; a backslash before it would make it other text.
_NUL: Final = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def json_text(value: object) -> str:
    """Write a value as JSON: Decimal as text, NaN as null, no NUL characters.

    What cannot be written, or is larger than a megabyte, is replaced by an object
    that says so: storing must never be what fails a run.
    """
    try:
        data = msgspec.json.encode(value)
    except (TypeError, ValueError, RecursionError, msgspec.MsgspecError) as error:
        shown = storable_text(repr(value)[:1000])
        data = msgspec.json.encode({"notJson": str(error), "value": shown})
    if len(data) > _MOST_BYTES:
        data = msgspec.json.encode({"tooLarge": len(data), "limit": _MOST_BYTES})
    return _NUL.sub(r"\1\\ufffd", data.decode())


def holds_nul(text: str) -> bool:
    """Whether JSON text holds the character that jsonb refuses."""
    return _NUL.search(text) is not None


def storable_text(text: str) -> str:
    """Replace what PostgreSQL refuses in text: NUL and lone surrogates."""
    return _SURROGATE.sub("\ufffd", text.replace("\x00", "\ufffd"))


def error_json(error: BaseException) -> str:
    """Write an error as `{type, message, traceback}`, and its remedy if it has one."""
    lines = "".join(traceback.format_exception(error))
    facts = {
        "type": type(error).__name__,
        "message": storable_text(str(error)[:_MOST_MESSAGE]),
        "traceback": storable_text(lines[-_MOST_TRACEBACK:]),
    }
    if isinstance(error, NxForgeError) and error.remedy:
        facts["remedy"] = storable_text(error.remedy)
    return json_text(facts)
