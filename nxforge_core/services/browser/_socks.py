"""The little of SOCKS 5 (RFC 1928) that Chromium speaks: connect, without a login."""

from __future__ import annotations

import asyncio
from enum import IntEnum
from ipaddress import IPv4Address, IPv6Address
from typing import Final

__all__ = ["Reply", "SocksError", "answer", "greet"]

_VERSION: Final = 5
_CONNECT: Final = 1
_NO_LOGIN: Final = 0


class Reply(IntEnum):
    """What a proxy may answer."""

    OK = 0
    REFUSED = 2
    UNREACHABLE = 4


class SocksError(Exception):
    """It is not Chromium that speaks."""


async def greet(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> tuple[str, int]:
    """Host and port that the other side wants to be connected to.

    Raises:
        SocksError: it says something else.
        asyncio.IncompleteReadError: it says nothing.
    """
    version, methods = await reader.readexactly(2)
    offered = await reader.readexactly(methods)
    if version != _VERSION or _NO_LOGIN not in offered:
        raise SocksError
    writer.write(bytes([_VERSION, _NO_LOGIN]))
    version, command, _, kind = await reader.readexactly(4)
    if version != _VERSION or command != _CONNECT:
        raise SocksError
    host = await _host(reader, kind)
    return host, int.from_bytes(await reader.readexactly(2))


async def _host(reader: asyncio.StreamReader, kind: int) -> str:
    match kind:
        case 1:
            return str(IPv4Address(await reader.readexactly(4)))
        case 3:
            (length,) = await reader.readexactly(1)
            return (await reader.readexactly(length)).decode("ascii", "replace")
        case 4:
            return str(IPv6Address(await reader.readexactly(16)))
        case _:
            raise SocksError


def answer(writer: asyncio.StreamWriter, reply: Reply) -> None:
    """Answer; of the address that it asks for nobody reads anything."""
    writer.write(bytes([_VERSION, reply, 0, 1, 0, 0, 0, 0, 0, 0]))
