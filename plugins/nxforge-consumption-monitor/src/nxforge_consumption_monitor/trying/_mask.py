"""Texts of a dry run without secrets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

from nxforge_consumption_monitor.fetch import redactor, storable

__all__ = ["Mask", "around", "mask_with", "masked_headers"]

Mask: TypeAlias = Callable[[str], str]

_AROUND: Final = 160
#: A secret may be as long as this, and must not be cut in two before it is masked.
_LONGEST_SECRET: Final = 4_096
_SECRET_HEADERS: Final = frozenset(
    {"authorization", "cookie", "proxy-authorization", "set-cookie", "x-auth-token"}
)
_MASK: Final = "***"


def mask_with(secrets: Sequence[str]) -> Mask:
    """A function that masks these secrets, and values whose key says they are one."""
    redact = redactor(secrets)

    def mask(text: str) -> str:
        return storable(redact(text))

    return mask


def masked_headers(headers: Mapping[str, str], mask: Mask) -> dict[str, str]:
    """Headers without what logs in."""
    return {
        name: _MASK if name.lower() in _SECRET_HEADERS else mask(value)
        for name, value in headers.items()
    }


def around(text: str, offset: int | None, length: int, mask: Mask) -> str:
    """The page around a match; without one, its beginning.

    Masked before it is cut: half a secret at the cut would not be recognised.
    """
    at = offset or 0
    start = max(0, at - _AROUND - _LONGEST_SECRET)
    end = at + length + _AROUND
    before = mask(text[start:at])[-_AROUND:] if at else ""
    whole = mask(text[start : end + _LONGEST_SECRET])
    match = text[at : at + length]
    if match and match in whole and mask(match) == match:
        position = whole.find(match, max(0, whole.find(before) + len(before) - 1))
        if position >= 0:
            return whole[max(0, position - _AROUND) : position + length + _AROUND]
    return whole[: 2 * _AROUND] if start == 0 else f"{before}{_MASK}"
