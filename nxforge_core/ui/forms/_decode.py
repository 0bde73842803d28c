"""From what a browser sends to a value of the struct."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from nxforge_core.api import load_texts

from ._field import FormField

__all__ = ["BadFieldsError", "decode"]

say = load_texts("nxforge_core")

_TRUE: Final = frozenset({"on", "true", "yes", "1"})
_LONGEST: Final = 100_000


class BadFieldsError(ValueError):
    """What was sent does not fit the struct.

    Attributes:
        fields: What is wrong, by field.
    """

    def __init__(self, fields: Mapping[str, str], whole: str = "") -> None:
        super().__init__(whole or f"{len(fields)} fields do not fit")
        self.fields = fields
        self.whole = whole


def decode(
    model: type[msgspec.Struct], fields: Sequence[FormField], sent: Mapping[str, str]
) -> msgspec.Struct:
    """A value of the struct; all that is wrong is told at once.

    Raises:
        BadFieldsError: something is.
    """
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for field in fields:
        if field.more.fixed:
            continue
        try:
            value = _value(field, sent.get(field.name, "")[:_LONGEST])
        except (ValueError, msgspec.DecodeError):
            wrong[field.name] = say("Give {rule}.").format(rule=field.shape.rule)
            continue
        if value is not msgspec.UNSET:
            values[field.name] = value
        elif field.default is msgspec.UNSET:
            wrong[field.name] = str(say("This is missing."))
    if wrong:
        raise BadFieldsError(wrong)
    try:
        return model(**values)
    except (ValueError, TypeError) as error:  # its own __post_init__
        raise BadFieldsError({}, str(error)) from error


def _value(field: FormField, text: str) -> Any:
    """What a text means; UNSET where it means nothing."""
    control = field.shape.control
    if control == "checkbox":
        return text in _TRUE
    if control == "lines":
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        return msgspec.convert(lines, field.type, strict=False)
    text = text if field.more.lines > 1 or field.secret else text.strip()
    return _written(field, text) if text else _nothing(field)


def _written(field: FormField, text: str) -> Any:
    control = field.shape.control
    if control == "json":
        return msgspec.json.decode(text, type=field.type)
    if control == "datetime-local":
        return _instant(field, datetime.fromisoformat(text))
    # A text is taken as it is: `1` is no number where a text is wanted.
    loose = control in ("number", "select")
    return msgspec.convert(text, field.type, strict=not loose)


def _instant(field: FormField, at: datetime) -> Any:
    local = field.shape.local or at.tzinfo is not None
    return msgspec.convert(at if local else at.replace(tzinfo=UTC), field.type)


def _nothing(field: FormField) -> Any:
    if field.shape.optional:
        return None
    fits_empty = field.shape.control == "text" and "minlength" not in field.shape.limits
    if field.default is not msgspec.UNSET and fits_empty and not field.secret:
        return msgspec.convert("", field.type)
    return msgspec.UNSET
