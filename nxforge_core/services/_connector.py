"""aiohttp's connector with the network policy where connections are made."""

from __future__ import annotations

import asyncio
import socket
import ssl
from functools import partial
from typing import TypeAlias, cast

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.client_proto import ResponseHandler

from ._address import AddressPolicy, check_address
from ._names import Lookup

__all__ = ["guarded_connector"]

_AddrInfo: TypeAlias = tuple[
    int | socket.AddressFamily,
    int | socket.SocketKind,
    int,
    str,
    tuple[object, ...],
]


class _CheckedNames(AbstractResolver):
    """Refuses a name as soon as one of its addresses is refused.

    It gives a refusal its words and never the protection: aiohttp does not ask it
    about literal addresses. The sockets are what protects.
    """

    def __init__(self, policy: AddressPolicy, lookup: Lookup) -> None:
        self._policy = policy
        self._lookup = lookup

    async def resolve(
        self, host: str, port: int = 0, family: int = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        addresses = await self._lookup(host, port)
        if not addresses:
            raise socket.gaierror(socket.EAI_NONAME, "the name has no address")
        for address in addresses:
            check_address(self._policy, address, port)
        return [_result(host, address, port, family) for address in addresses]

    async def close(self) -> None:
        """Nothing to close: the look-up belongs to whoever made it."""


class _Judged(ResponseHandler):
    """Is not used again where it would not be made again.

    Once something came that nobody asked for: aiohttp keeps such bytes of an idle
    connection, and the next question on it would get them for its answer, the reading
    of another page. And once the policy refuses the address that it leads to.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, policy: AddressPolicy) -> None:
        super().__init__(loop)
        self._policy = policy

    def is_connected(self) -> bool:
        return (
            super().is_connected() and not self.should_close and self._still_allowed()
        )

    def _still_allowed(self) -> bool:
        there = self.transport and self.transport.get_extra_info("peername")
        if not there:
            return False
        return self._policy.refusal(str(there[0]).partition("%")[0], there[1]) is None


def guarded_connector(
    policy: AddressPolicy, lookup: Lookup, tls: ssl.SSLContext
) -> aiohttp.TCPConnector:
    """A connector whose every new socket was allowed for its final address.

    A kept-alive connection is judged again before it is used again: the list may be
    another one by then. Names are not cached: each new connection asks anew, and its
    address is the one that is judged.
    """

    def open_socket(info: _AddrInfo) -> socket.socket:
        family, kind, protocol, _, address = info
        check_address(policy, str(address[0]), int(str(address[1])))
        return socket.socket(family, kind, protocol)

    connector = aiohttp.TCPConnector(
        resolver=_CheckedNames(policy, lookup),
        socket_factory=open_socket,
        ssl=tls,
        use_dns_cache=False,
        limit=0,  # the slots bound it, outside the deadline
    )
    # aiohttp has no public place for this; tests send the surplus answer and change
    # the list.
    loop = asyncio.get_running_loop()
    made = cast("partial[ResponseHandler]", partial(_Judged, loop, policy))
    connector._factory = made  # noqa: SLF001 - see above
    return connector


def _result(host: str, address: str, port: int, family: int) -> ResolveResult:
    return ResolveResult(
        hostname=host, host=address, port=port, family=family, proto=0, flags=0
    )
