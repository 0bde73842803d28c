"""Where a connection may go: the policy's face, and what a literal address means."""

from __future__ import annotations

import socket
from typing import Protocol

from nxforge_core.api.errors import OutboundDeniedError

__all__ = ["AddressPolicy", "AddressRefusedError", "check_address", "literal_address"]


class AddressPolicy(Protocol):
    """Says which addresses this host may connect to."""

    def refusal(self, address: str, port: int) -> str | None:
        """Why `address` (a literal, never a name) is refused; None: it is allowed.

        It may answer differently from one call to the next.
        """
        ...


class AddressRefusedError(OSError):
    """The policy refused an address.

    An `OSError`, because that is what aiohttp and aiohappyeyeballs take for a failed
    connection: any other class breaks their clean-up.
    """

    def __init__(self, address: str, port: int, why: str) -> None:
        super().__init__(f"{address} is refused ({why})")
        self.address = address
        self.port = port
        self.why = why

    def outbound(self, url: str) -> OutboundDeniedError:
        """The error a plugin sees."""
        return OutboundDeniedError(url, self.address, self.why, self.port)


def check_address(policy: AddressPolicy, address: str, port: int) -> None:
    """Ask the policy.

    Raises:
        AddressRefusedError: it said no.
    """
    plain = address.partition("%")[0]  # fe80::1%eth0: the zone is not the address
    why = policy.refusal(plain, port)
    if why is not None:
        raise AddressRefusedError(plain, port, why)


def literal_address(host: str) -> str | None:
    """The address a host name spells out, in its usual form; None for a real name.

    Asks the C library, because it is the one that will read `127.1`, `2130706433`
    or `0x7f000001` as an address. Never looks anything up.
    """
    try:
        found = socket.getaddrinfo(
            host.rstrip("."),
            None,
            type=socket.SOCK_STREAM,
            flags=socket.AI_NUMERICHOST,
        )
    except (OSError, UnicodeError):
        return None
    return str(found[0][4][0])
