"""Texts of devices without the secrets that devices really show."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import re2

from ._spellings import spellings

__all__ = ["redact", "redactor", "storable"]

_MASK: Final = "***"
#: A key that promises a secret, the signs after it, and its value: `"pwd": "x"`,
#: `<password>x<`, `id="token">x<`, `name="pass" value="x"`, `key=x&`.
_KEYED: Final = re2.compile(
    r"""(?i)([\w-]*(?:pass|pwd|token|secret|api_?key|credential|authorization)[\w-]*"""
    r"""["']?\s*(?:value\s*)?[:=>]\s*["']?(?:basic |bearer )?)([^\s"'<>&,;]+)"""
)
#: `user:password@` in an address.
_USERINFO: Final = re2.compile(r"(//)[^/@\s]+@")


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """Mask the given secrets, and values whose key says that they are one."""
    return redactor(secrets)(text)


def redactor(secrets: Iterable[str]) -> Callable[[str], str]:
    """A function that does it for many texts."""
    pattern = spellings(secrets)

    def masked(text: str) -> str:
        if pattern is not None:
            text = pattern.sub(_MASK, text)
        text = _KEYED.sub(r"\1" + _MASK, text)
        return str(_USERINFO.sub(r"\1" + _MASK + "@", text))

    return masked


def storable(text: str) -> str:
    """What PostgreSQL can store of a text: no NUL, no half of a surrogate pair."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()
