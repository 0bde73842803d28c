"""Messages on a stream: length, then MessagePack."""

from __future__ import annotations

import asyncio
from typing import Any, Final, Generic, TypeVar

import msgspec

__all__ = ["Frames"]

T = TypeVar("T")

_LENGTH: Final = 4
#: More than any page, picture or document that is let through.
_LARGEST: Final = 64 * 1024 * 1024


class Frames(Generic[T]):
    """Both directions of one conversation.

    Args:
        expected: Type of what comes: a union of tagged structs.
    """

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        expected: Any,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._decoder: msgspec.msgpack.Decoder[T] = msgspec.msgpack.Decoder(expected)
        self._encoder = msgspec.msgpack.Encoder()

    async def read(self) -> T | None:
        """The next message; None: there is nobody at the other end any more."""
        try:
            head = await self._reader.readexactly(_LENGTH)
            length = int.from_bytes(head)
            if length > _LARGEST:
                return None
            return self._decoder.decode(await self._reader.readexactly(length))
        except (asyncio.IncompleteReadError, OSError, msgspec.MsgspecError):
            return None

    async def write(self, message: msgspec.Struct) -> None:
        """Send a message; raises `OSError` where nobody reads any more."""
        body = self._encoder.encode(message)
        self._writer.write(len(body).to_bytes(_LENGTH) + body)
        await self._writer.drain()
