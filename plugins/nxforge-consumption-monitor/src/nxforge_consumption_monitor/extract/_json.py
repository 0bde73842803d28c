"""JSON of devices, every digit kept."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from typing import Final, TypeAlias

from ._errors import DecodeError, TooComplexError, UnexpectedContentError
from ._excerpt import EXCERPT_CHARS, excerpt

__all__ = ["Json", "decode_json", "decode_script", "looks_like_markup", "show_json"]

Json: TypeAlias = "bool | Decimal | str | list[Json] | dict[str, Json] | None"

_MAX_DIGITS: Final = 60


def decode_json(text: str) -> Json:
    """Decode a JSON document; its numbers become Decimal.

    Raises:
        UnexpectedContentError: It is markup, such as an error page.
        DecodeError: It is no JSON.
        TooComplexError: It nests too deep.
    """
    if looks_like_markup(text):
        raise UnexpectedContentError(expected="JSON", text=text)
    return _decode(text.strip(), 0, whole=True)


def decode_script(text: str) -> Json:
    """Decode the first JSON object or array inside of a script's text.

    Raises:
        DecodeError: There is none.
        TooComplexError: It nests too deep.
    """
    starts = [i for i in (text.find("{"), text.find("[")) if i >= 0]
    if not starts:
        raise DecodeError(
            what=f"the script {excerpt(text, 80)!r} contains no JSON",
            remedy="select the script element that assigns the data",
        )
    return _decode(text, min(starts), whole=False)


def looks_like_markup(text: str) -> bool:
    """Whether the text begins as HTML or XML does."""
    return text.lstrip()[:1] == "<"


def show_json(value: Json) -> str:
    """Return `value` as JSON for a person, cut short; numbers in plain digits."""
    match value:
        case str() | None | bool():
            return excerpt(json.dumps(value, ensure_ascii=False))
        case Decimal():
            return excerpt(str(value))
        case list():
            return _show(value, f"[{', '.join(map(_brief, value[:20]))}")
        case dict():
            pairs = list(value.items())[:20]
            inside = ", ".join(f"{_brief(k)}: {_brief(v)}" for k, v in pairs)
            return _show(value, f"{{{inside}")


def _show(value: list[Json] | dict[str, Json], inside: str) -> str:
    more = ", …" if len(value) > 20 else ""  # noqa: PLR2004 - enough for a person
    close = "]" if isinstance(value, list) else "}"
    return excerpt(f"{inside}{more}{close}", EXCERPT_CHARS)


def _brief(value: Json) -> str:
    match value:
        case list():
            return f"[{len(value)} values]"
        case dict():
            return f"{{{len(value)} members}}"
        case Decimal():
            return excerpt(str(value), 40)
        case _:
            return excerpt(json.dumps(value, ensure_ascii=False), 40)


def _decode(text: str, start: int, *, whole: bool) -> Json:
    try:
        value, end = _DECODER.raw_decode(text, start)
    except RecursionError:
        raise TooComplexError(limit="the depth of nested JSON") from None
    except ValueError as error:
        raise _no_json(text, str(error)) from None
    if whole and text[end:].strip():
        raise _no_json(text, f"more text follows at character {end}")
    result: Json = value
    return result


def _no_json(text: str, what: str) -> DecodeError:
    return DecodeError(
        what=f"no JSON ({what}): {excerpt(text, 80)!r}",
        remedy="open the endpoint's URL: the answer may be cut off, or need a css or "
        "regex step instead of a json step",
    )


def _number(digits: str) -> Decimal | str:
    # What is too long for a register stays text, which the number step then refuses.
    if len(digits) > _MAX_DIGITS:
        return digits
    try:
        return Decimal(digits)
    except InvalidOperation:
        return digits


def _unknown(_name: str) -> None:
    """NaN and Infinity, which some devices send, are unknown."""


_DECODER: Final = json.JSONDecoder(
    parse_float=_number, parse_int=_number, parse_constant=_unknown, strict=False
)
