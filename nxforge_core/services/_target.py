"""Reading URLs: what may be asked, where a redirect leads, what a message shows."""

from __future__ import annotations

import re
from typing import Final, NamedTuple
from urllib.parse import unquote

import httpx
import yarl

from nxforge_core.api import BasicAuth
from nxforge_core.api.errors import InvalidInputError
from nxforge_core.security import redact

from ._address import literal_address
from ._slots import Spot

__all__ = ["Target", "next_target", "read_target", "shown_url"]

_PORTS: Final = {"http": 80, "https": 443}
_PORTS_END: Final = 65_536
#: A name or an address. Percent signs and the like are read differently by the
#: libraries below, and each difference is a way around somebody's check.
_HOST: Final = re.compile(r"[A-Za-z0-9._-]+\Z|[0-9A-Fa-f:.]+\Z")
#: A last part that is a number makes the whole an address, for browsers and resolvers:
#: where it is none, they differ in what they make of it.
_ENDS_IN_NUMBER: Final = re.compile(r"(?:.*\.)?(?:[0-9]+|0[xX][0-9A-Fa-f]*)\.?\Z")
_USERINFO: Final = re.compile(r"//[^/?#]*@")


class Target(NamedTuple):
    """A URL that can be asked, taken apart.

    Attributes:
        url: Without user name and fragment; an address in its usual form.
        wire: The same for aiohttp: what it says is sent as it stands.
        shown: The URL as messages show it.
        auth: The user name and password the URL came with.
    """

    url: httpx.URL
    wire: yarl.URL
    shown: str
    spot: Spot
    auth: BasicAuth | None = None

    def same_origin(self, other: Target) -> bool:
        """Same scheme, same host, same port."""
        return self.url.scheme == other.url.scheme and self.spot == other.spot


def read_target(text: str) -> Target:
    """Take a URL apart.

    Raises:
        InvalidInputError: not an absolute `http` or `https` URL.
    """
    try:
        return _target(httpx.URL(text))
    except (httpx.InvalidURL, ValueError) as error:
        raise InvalidInputError(
            field="url",
            value=shown_url(text),
            remedy="write an absolute URL that begins with http:// or https://",
        ) from error


def next_target(target: Target, location: str) -> Target | None:
    """Where a redirect leads; None if that is nowhere a request could be sent."""
    try:
        return _target(target.url.join(location))
    except (httpx.InvalidURL, ValueError):
        return None


def shown_url(url: str) -> str:
    """The URL as messages show it: no user name, no secrets."""
    return redact(_USERINFO.sub("//", url, count=1))


def _target(url: httpx.URL) -> Target:
    if url.scheme not in _PORTS or not _HOST.match(url.raw_host.decode("ascii")):
        raise ValueError(url.scheme)
    port = _PORTS[url.scheme] if url.port is None else url.port
    if not 0 < port < _PORTS_END:
        raise ValueError(port)
    literal = literal_address(url.host)
    if literal is None and _ENDS_IN_NUMBER.match(url.host):
        raise ValueError(url.host)
    spot = Spot(literal or url.host, port)
    plain = url.copy_with(username=None, password=None, fragment=None, host=spot.host)
    text = str(plain)
    wire = yarl.URL(text, encoded=True)
    return Target(plain, wire, shown_url(text), spot, _auth_of(url))


def _auth_of(url: httpx.URL) -> BasicAuth | None:
    if not url.userinfo:
        return None
    name, _, password = url.userinfo.decode("ascii").partition(":")
    return BasicAuth(unquote(name), unquote(password))
