"""Steps in a browser: one vocabulary for the form, the poll and the documentation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from nxforge_core.api import BrowserStep, InvalidInputError, Select, Type

from ._credential import Credential

__all__ = ["decode_steps", "fill_steps", "needs_login"]

_USERNAME: Final = "{username}"
_SECRET: Final = "{secret}"  # noqa: S105 - a placeholder
_REMEDY: Final = (
    "use the actions navigate (url), click (selector), type (selector, text), "
    "select (selector, value) and wait (selector or ms)"
)


def decode_steps(steps: object) -> tuple[BrowserStep, ...]:
    """Read steps, as a list of objects or as its JSON text.

    Raises:
        InvalidInputError: an action is unknown, or a member is missing or wrong.
    """
    given = msgspec.json.decode(steps) if isinstance(steps, str) else steps
    try:
        return msgspec.convert(given, tuple[BrowserStep, ...])
    except msgspec.ValidationError as error:
        raise InvalidInputError(
            field="browserSteps", value=_place(error), remedy=f"{error}: {_REMEDY}"
        ) from error


def needs_login(steps: Sequence[BrowserStep]) -> bool:
    """Whether a step fills in the user name or the secret."""
    return any(word in _text(step) for step in steps for word in (_USERNAME, _SECRET))


def fill_steps(
    steps: Sequence[BrowserStep], auth: Credential
) -> tuple[BrowserStep, ...]:
    """Put user name and secret where the steps ask for them."""
    return tuple(_filled(step, auth) for step in steps)


def _filled(step: BrowserStep, auth: Credential) -> BrowserStep:
    match step:
        case Type(selector=selector, text=text):
            return Type(selector, _replaced(text, auth))
        case Select(selector=selector, value=value):
            return Select(selector, _replaced(value, auth))
        case _:
            return step


def _replaced(text: str, auth: Credential) -> str:
    # In one pass: a user name may look like a placeholder.
    head, mark, tail = text.partition(_SECRET)
    return head.replace(_USERNAME, auth.username) + (
        auth.secret + _replaced(tail, auth) if mark else ""
    )


def _text(step: BrowserStep) -> str:
    match step:
        case Type(text=text):
            return text
        case Select(value=value):
            return value
        case _:
            return ""


def _place(error: msgspec.ValidationError) -> str:
    _, _, path = str(error).rpartition("`$")
    return f"step {path.removesuffix('`') or 'list'}"
