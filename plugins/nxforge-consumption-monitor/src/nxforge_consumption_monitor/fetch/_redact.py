"""Texts of devices without the secrets that devices really show."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import re2

__all__ = ["redact", "storable"]

_MASK: Final = "***"
#: Shorter ones would mask half of every page, and protect nothing.
_MIN_SECRET: Final = 4
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
    for secret in secrets:
        if len(secret) >= _MIN_SECRET:
            text = text.replace(secret, _MASK)
    text = _KEYED.sub(r"\1" + _MASK, text)
    return str(_USERINFO.sub(r"\1" + _MASK + "@", text))


def storable(text: str) -> str:
    """What PostgreSQL can store of a text: no NUL, no half of a surrogate pair."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()
