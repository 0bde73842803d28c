"""What every page is sent with."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

__all__ = ["HTML", "PAGE_HEADERS"]

HTML: Final = "text/html"

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'"
)

#: Nothing from elsewhere, nothing kept, no address told to others.
PAGE_HEADERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "content-security-policy": _POLICY,
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
    }
)
