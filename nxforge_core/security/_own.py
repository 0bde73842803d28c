"""Which addresses are our own: the machine's and the database's."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable
from ipaddress import IPv4Address
from typing import Final

from ._policy_entry import Address, parse_address

__all__ = ["is_own_address", "own_addresses"]

_RESOLVE_SECONDS: Final = 5.0
# RFC 5737: belongs to no machine.
_NOBODYS: Final = IPv4Address("192.0.2.1")


def is_own_address(address: Address) -> bool:
    """Whether the address belongs to this machine now.

    The kernel lets a socket bind to its own addresses only. Where it was told to
    allow others too (`ip_nonlocal_bind`), this cannot be known and the answer is no.
    """
    return _can_bind(address) and not _can_bind(_NOBODYS)


def _can_bind(address: Address) -> bool:
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6  # noqa: PLR2004  # the IP version
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((str(address), 0))
    except OSError:
        return False
    return True


async def own_addresses(hosts: Iterable[str]) -> list[str]:
    """The numeric addresses of hosts that belong to the installation.

    Args:
        hosts: Names or addresses, such as the database's; the path of a socket has no
            address, and a name that nobody knows leads nowhere.
    """
    found: set[str] = set()
    loop = asyncio.get_running_loop()
    for host in hosts:
        if not host.startswith("/"):
            try:
                async with asyncio.timeout(_RESOLVE_SECONDS):
                    answers = await loop.getaddrinfo(host, None)
            except (OSError, UnicodeError):  # TimeoutError is an OSError
                continue
            found |= {str(parse_address(str(answer[4][0]))) for answer in answers}
    return sorted(found)
