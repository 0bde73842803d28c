"""What browsers are told that an answer may do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

__all__ = [
    "ASSET_HEADERS",
    "CLOSED",
    "HTML",
    "PAGE_HEADERS",
    "document_policy",
    "page_policy",
]

HTML: Final = "text/html"

#: Nothing that a page shows is kept.
PAGE_HEADERS: Final[Mapping[str, str]] = MappingProxyType({"cache-control": "no-store"})

#: Of files whose address changes with their content.
ASSET_HEADERS: Final[Mapping[str, str]] = MappingProxyType(
    {"cache-control": "public, max-age=31536000, immutable"}
)

#: The policy of data: a browser that is led to it shows text.
CLOSED: Final = "default-src 'none'; frame-ancestors 'none'"

_PAGE: Final = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    # No text becomes markup or code; `nx` names the one worker and does nothing else.
    "require-trusted-types-for 'script'",
    "trusted-types nx",
)
_DOCUMENT: Final = (
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    "img-src data:",
    # An origin of its own, and no script whatever it holds.
    "sandbox",
)


def page_policy(embedders: Iterable[str] = ()) -> str:
    """The policy of pages, the same for all of them.

    Args:
        embedders: Origins whose pages may show ours in a frame, beside our own.
    """
    return "; ".join((*_PAGE, _ancestors(embedders)))


def document_policy(embedders: Iterable[str] = ()) -> str:
    """The policy of documents that plugins make: to be read and printed."""
    return "; ".join((*_DOCUMENT, _ancestors(embedders)))


def _ancestors(embedders: Iterable[str]) -> str:
    return " ".join(("frame-ancestors 'self'", *embedders))
