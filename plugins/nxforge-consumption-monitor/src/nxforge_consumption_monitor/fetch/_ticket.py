"""What a login leaves behind, and how a page shows that it is over."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import inf
from typing import Final

import msgspec

from nxforge_core.api import HttpResponse, HttpSession

from ._options import AuthOptions, FormOptions, JsonLoginOptions

__all__ = ["REFUSED", "Ticket", "stranger_sign"]

REFUSED: Final = frozenset({401, 403})
#: Of any field for a password. Bounded: the page is the device's.
_PASSWORD_FIELD: Final = re.compile(rb"""(?i)type\s{0,8}=\s{0,8}["']?password""")


class Ticket(msgspec.Struct, frozen=True, kw_only=True):
    """What requests carry after a login.

    Attributes:
        parameters: For the query of the URL.
        secrets: Texts that must not appear in anything that is stored or logged.
        until: When it ends, in the loop's time.
    """

    session: HttpSession | None = None
    headers: Mapping[str, str] = {}
    parameters: Mapping[str, str] = {}
    secrets: tuple[str, ...] = ()
    until: float = inf

    def __repr__(self) -> str:
        return f"Ticket(until={self.until})"


def stranger_sign(options: AuthOptions, response: HttpResponse) -> str:
    """What shows that this answer is for who is not logged in; empty: nothing."""
    if response.status in REFUSED:
        return f"the device answers {response.status}"
    marker = ""
    if isinstance(options, FormOptions | JsonLoginOptions):
        marker = options.logged_out
    if marker and marker.encode() in response.body:
        return f"the page says {marker!r}"
    if isinstance(options, FormOptions) and not marker:
        field = _PASSWORD_FIELD.search(response.body)
        return "the page has a password field" if field else ""
    return ""
