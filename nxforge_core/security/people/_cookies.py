"""Names of the cookies, and whether a browser's request comes from our own pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from ._errors import CrossOriginError

__all__ = ["CookieNames", "check_origin"]

_PREFIX: Final = "__Host-"
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


class CookieNames:
    """Of one installation: several may answer on one machine, and share its cookies.

    Over TLS the name begins with `__Host-`: no browser takes such a cookie from
    another host or over plain http, so nobody can plant one.

    Args:
        instance: What tells the installation from others.
    """

    def __init__(self, instance: str) -> None:
        self._instance = instance[:8]

    def session(self, *, secure: bool) -> str:
        """What carries the session."""
        return f"{_PREFIX if secure else ''}nxforge-{self._instance}"

    def device(self, *, secure: bool) -> str:
        """What tells a browser that somebody logged in with before."""
        return f"{self.session(secure=secure)}-device"


def check_origin(scope: Mapping[str, Any], *, strict: bool) -> None:
    """Refuse what a page of another site makes a browser send.

    Over TLS a page that came without it is another site: whoever sits on the way wrote
    it.

    Args:
        scope: Of the request, with names of headers in lower case.
        strict: Refuse as well what does not say where it comes from: browsers do.

    Raises:
        CrossOriginError: it is one of these.
    """
    said = {name: value.decode("latin-1") for name, value in scope["headers"]}
    origin, site = said.get(b"origin"), said.get(b"sec-fetch-site")
    if site not in (None, "same-origin"):
        raise CrossOriginError(origin or f"({site})")
    if origin is not None:
        secure = scope.get("scheme") == "https"
        if not _is_own(origin, said.get(b"host", ""), secure=secure):
            raise CrossOriginError(origin)
    elif strict and site is None:
        raise CrossOriginError


def _is_own(origin: str, host: str, *, secure: bool) -> bool:
    try:
        theirs = urlsplit(origin)
        port = theirs.port or _DEFAULT_PORTS.get(theirs.scheme)
        ours = urlsplit(f"//{host}")
        own_port = ours.port or _DEFAULT_PORTS.get(theirs.scheme)
    except ValueError:
        return False
    return (
        theirs.hostname is not None
        and (theirs.hostname, port) == (ours.hostname, own_port)
        and theirs.scheme in (("https",) if secure else _DEFAULT_PORTS)
    )
