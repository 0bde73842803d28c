"""Text from elsewhere, on its way to a terminal or a spreadsheet."""

from __future__ import annotations

from typing import Final

__all__ = ["bare_cell", "guard_cell", "visible"]

#: What spreadsheets take for the beginning of a formula, also in its wide form, and
#: blanks that may hide one (ASVS 1.2.10).
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")  # noqa: RUF001 - that is the point
_AHEAD: Final = "' \u00a0\ufeff"


def visible(text: str, *, lines: bool = False) -> str:
    r"""Text that a terminal shows and does not obey.

    Control characters, marks that turn the direction of writing and what has no shape
    become `\u001b`, so that JSON stays the same JSON.

    Args:
        text: Whatever came from a device, a file, a plugin or a person.
        lines: Line breaks stay.
    """
    if text.isprintable():
        return text
    kept = "\n" if lines else ""
    return "".join(
        sign if sign.isprintable() or sign in kept else _escaped(sign) for sign in text
    )


def guard_cell(text: str) -> str:
    """Text that a spreadsheet shows and never computes; numbers need no guard."""
    return f"'{text}" if _computes(text) else text


def bare_cell(text: str) -> str:
    """The text that `guard_cell` was given."""
    return text[1:] if text[:1] == "'" and _computes(text) else text


def _computes(text: str) -> bool:
    return text.lstrip(_AHEAD).startswith(_FORMULA)


_SHORT: Final = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def _escaped(sign: str) -> str:
    if sign in _SHORT:
        return _SHORT[sign]
    pieces = sign.encode("utf-16-be", "surrogatepass").hex()
    return "".join(
        f"\\u{pieces[place : place + 4]}" for place in range(0, len(pieces), 4)
    )
