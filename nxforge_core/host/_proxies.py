"""Who is at the other end, where proxies that are trusted stand between."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, Final

from nxforge_core.api import InvalidInputError

__all__ = ["Proxies", "trusted_network"]

#: More hops than anybody has; the header's end is a stranger's.
_MOST: Final = 20

_Network = IPv4Network | IPv6Network


class Proxies:
    """Believes `X-Forwarded-For` and `X-Forwarded-Proto` of those it was told of.

    Attributes:
        ignored: The first address that sent such headers and is not believed.

    Args:
        trusted: Addresses and networks.

    Raises:
        InvalidInputError: one of them is neither.
    """

    def __init__(self, trusted: Iterable[str] = ()) -> None:
        self._trusted: Sequence[_Network] = [trusted_network(each) for each in trusted]
        self.ignored: str | None = None

    def look_through(self, scope: Any) -> Any:
        """The scope with the client's own address and scheme."""
        client = scope.get("client")
        if not client or not self._trusted or not self._trusts(client[0]):
            if self.ignored is None and client and _forwards(scope):
                self.ignored = client[0]
            return scope
        address = client[0]
        for hop in _values(scope, b"x-forwarded-for")[: -_MOST - 1 : -1]:
            address = hop
            if not self._trusts(hop):
                break
        protocol = _values(scope, b"x-forwarded-proto")
        scheme = protocol[-1] if protocol else scope.get("scheme", "http")
        known = scheme if scheme in ("http", "https") else "http"
        return {**scope, "client": (_plain(address), 0), "scheme": known}

    def _trusts(self, text: str) -> bool:
        try:
            address = ip_address(_plain(text))
        except ValueError:
            return False
        return any(address in network for network in self._trusted)


def trusted_network(text: str) -> _Network:
    """Read an entry of the setting `server.trusted_proxies`.

    Raises:
        InvalidInputError: it is neither an address nor a network.
    """
    try:
        return ip_network(text, strict=False)
    except ValueError:
        raise InvalidInputError(
            field="server.trusted_proxies",
            value=text,
            remedy="write an address or a network, as 10.0.0.7 or 10.0.0.0/24",
        ) from None


def _forwards(scope: Any) -> bool:
    return any(name == b"x-forwarded-for" for name, _ in scope["headers"])


def _values(scope: Any, wanted: bytes) -> list[str]:
    """Of all headers of the name, in their order."""
    joined = b",".join(value for name, value in scope["headers"] if name == wanted)
    return [
        part.strip() for part in joined.decode("latin-1").split(",") if part.strip()
    ]


def _plain(text: str) -> str:
    """An address without port, zone and brackets, an IPv4 one in its own form."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        parsed = ip_address(text.partition("%")[0])
    except ValueError:
        return text[:64]
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(parsed)
