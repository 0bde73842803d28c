"""Words that the next page shows once: of what was done without a script."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote, unquote

from litestar import Request
from litestar.datastructures import Cookie

from ._door import is_secure, root_of

__all__ = ["forget_cookie", "said_before", "said_cookie"]

_NAME: Final = "nxforge-said"
_SECONDS: Final = 20
_LONGEST: Final = 500

_Request = Request[Any, Any, Any]


def said_cookie(request: _Request, message: str) -> Cookie:
    """Keep the words for the next page."""
    return _cookie(request, quote(message[:_LONGEST], errors="replace"), _SECONDS)


def said_before(request: _Request) -> str:
    """The words that were kept; they are shown as text."""
    return unquote(request.cookies.get(_name(request), ""))[:_LONGEST]


def forget_cookie(request: _Request) -> Cookie:
    """They have been shown."""
    return _cookie(request, "", 0)


def _name(request: _Request) -> str:
    # As of the session: nobody plants words over plain http, or from another host.
    return f"__Host-{_NAME}" if is_secure(request) else _NAME


def _cookie(request: _Request, value: str, seconds: int) -> Cookie:
    secure = is_secure(request)
    return Cookie(
        key=_name(request),
        value=value,
        max_age=seconds,
        path="/" if secure else root_of(request) or "/",
        httponly=True,
        samesite="strict",
        secure=secure,
    )
