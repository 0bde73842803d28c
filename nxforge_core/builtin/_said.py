"""Words that the next page shows once: of what was done without a script."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote, unquote

from litestar import Request
from litestar.datastructures import Cookie

__all__ = ["forget_cookie", "said_before", "said_cookie"]

_NAME: Final = "nxforge-said"
_SECONDS: Final = 20
_LONGEST: Final = 500


def said_cookie(message: str, root: str) -> Cookie:
    """Keep the words for the next page."""
    return _cookie(quote(message[:_LONGEST], errors="replace"), root, _SECONDS)


def said_before(request: Request[Any, Any, Any]) -> str:
    """The words that were kept; they are shown as text."""
    return unquote(request.cookies.get(_NAME, ""))[:_LONGEST]


def forget_cookie(root: str) -> Cookie:
    """They have been shown."""
    return _cookie("", root, 0)


def _cookie(value: str, root: str, seconds: int) -> Cookie:
    return Cookie(
        key=_NAME,
        value=value,
        max_age=seconds,
        path=root or "/",
        httponly=True,
        samesite="strict",
    )
