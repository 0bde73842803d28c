"""Addresses as they are counted."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

__all__ = ["site_of"]

#: An IPv6 customer has a whole /64, and would be a new address for each try.
_SITE: Final = 64


def site_of(address: str) -> str:
    """The address, or the network of one customer; what is none counts as one."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ip_network((parsed, _SITE), strict=False))
    return str(parsed)
