"""What Chromium's network errors mean."""

from __future__ import annotations

from typing import Final

from nxforge_core.services.browser._messages import Reason

from ._errors import VisitError

__all__ = ["navigation_error"]

_REASONS: Final[tuple[tuple[str, Reason], ...]] = (
    ("ERR_CERT", "tls"),
    ("ERR_SSL", "tls"),
    ("ERR_BAD_SSL", "tls"),
    ("ERR_TIMED_OUT", "timeout"),
    ("ERR_CONNECTION_TIMED_OUT", "timeout"),
    ("ERR_NAME", "dns"),
    ("ERR_SOCKS", "connect"),
    ("ERR_PROXY", "connect"),
    ("ERR_CONNECTION", "connect"),
    ("ERR_ADDRESS", "connect"),
    ("ERR_EMPTY_RESPONSE", "connect"),
)
_WORDS: Final = {
    "ERR_ABORTED": "it is no page: it is a download, or has no content",
    "ERR_EMPTY_RESPONSE": "it closed the connection without an answer",
    "ERR_TOO_MANY_REDIRECTS": "it redirects without end",
}


def navigation_error(text: str) -> VisitError:
    """The error for `net::ERR_...`."""
    name = text.removeprefix("net::")
    reasons = (reason for start, reason in _REASONS if name.startswith(start))
    return VisitError(
        _WORDS.get(name, f"Chromium says {name}"), next(reasons, "browser")
    )
