"""One entry of the allow-list: an address or a network, perhaps with a port."""

from __future__ import annotations

import re
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Final, TypeAlias

import msgspec

from ._errors import NetworkEntryError

__all__ = [
    "Address",
    "Entry",
    "Network",
    "is_wide",
    "parse_address",
    "parse_entry",
]

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

# Brackets around IPv6 where a port follows; a bare colon pair is part of the address.
_BRACKETED: Final = re.compile(r"\[(?P<net>[^\]]*)\](?::(?P<port>[0-9]{1,5}))?\Z")
_PLAIN: Final = re.compile(r"(?P<net>[0-9./]+)(?::(?P<port>[0-9]{1,5}))?\Z")
_LAST_PORT: Final = 65535
#: Bits of host addresses that the devices of a site have at the most: a /16 of IPv4,
#: and a site has a /48 of IPv6.
_SITE_BITS: Final = {4: 16, 6: 80}


class Entry(msgspec.Struct, frozen=True):
    """A network and a port; port None is any."""

    network: Network
    port: int | None

    @property
    def is_single(self) -> bool:
        """Whether it names one address."""
        return self.network.num_addresses == 1

    @property
    def text(self) -> str:
        """Its one usual spelling."""
        net = str(self.network.network_address if self.is_single else self.network)
        if self.port is None:
            return net
        return f"[{net}]:{self.port}" if ":" in net else f"{net}:{self.port}"

    def covers(self, address: Address, port: int) -> bool:
        """Whether address and port lie inside."""
        return address in self.network and self.port in (None, port)


def parse_address(text: str) -> Address:
    """Read an address: the zone is dropped, an IPv4-mapped one is its IPv4 address.

    Raises:
        ValueError: the text is not an address in its usual spelling.
    """
    address = ip_address(text.partition("%")[0])
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def parse_entry(text: str) -> Entry:
    """Read one entry.

    Raises:
        NetworkEntryError: it is no address and no network, or the port is wrong.
    """
    match = _BRACKETED.match(text) or _PLAIN.match(text)
    net, port = (match["net"], match["port"]) if match else (text, None)
    if port is not None and not 0 < int(port) <= _LAST_PORT:
        raise NetworkEntryError(text, f"has the port {port}", "use 1 to 65535")
    try:
        network = _network(net)
    except ValueError as error:
        raise NetworkEntryError(text, _what(net, error), _remedy(net)) from None
    return Entry(network, None if port is None else int(port))


def is_wide(network: Network) -> bool:
    """Whether it covers more than the devices of a site."""
    bits = network.max_prefixlen - network.prefixlen
    return bits > _SITE_BITS[network.version]


def _network(text: str) -> Network:
    if "/" in text:
        return ip_network(text)
    return ip_network(parse_address(text))


def _what(net: str, error: ValueError) -> str:
    if _masked(net) is not None:
        return "has bits set behind its prefix"
    if re.search(r"[g-zG-Z]", net):
        return "is a name: the list holds addresses and networks"
    return f"cannot be read ({error})"


def _remedy(net: str) -> str:
    meant = _masked(net)
    return "" if meant is None else f"write {meant} or {net.partition('/')[0]}"


def _masked(net: str) -> Network | None:
    try:
        return ip_network(net, strict=False)
    except ValueError:
        return None
