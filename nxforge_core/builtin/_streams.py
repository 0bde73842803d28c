"""Answers that stay open: bounded in number, and ended when the host stops."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Any, ClassVar, Final

from litestar import Response

from nxforge_core.api import UnavailableError

__all__ = ["LiveStreams", "StreamAnswer", "TooManyStreamsError"]

_MOST: Final = 100
_STUCK: Final = 30.0
_HEAD: Final = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    # Asked of proxies, nginx among them: nothing is kept back.
    (b"x-accel-buffering", b"no"),
)


class TooManyStreamsError(UnavailableError):
    """As many streams are open here as one process serves."""

    code = "too_many_streams"

    def __init__(self, most: int) -> None:
        super().__init__(
            f"{most} event streams are open, the most that this host serves",
            remedy="close one, or ask again and again for what you want to know",
        )
        self.most = most


class LiveStreams:
    """The open event streams of a host.

    Attributes:
        renewed: How often all of them had to show anew that they may.

    Args:
        closing: Set when the host stops.
        most: Open at the same time.
    """

    def __init__(self, closing: asyncio.Event, most: int = _MOST) -> None:
        self._closing = closing
        self._most = most
        self._open = 0
        self.renewed = 0

    def __len__(self) -> int:
        return self._open

    def admit(self) -> None:
        """Count one in; it must `leave`.

        Raises:
            TooManyStreamsError: as many are open as may be.
        """
        if self._open >= self._most:
            raise TooManyStreamsError(self._most)
        self._open += 1

    def leave(self) -> None:
        """Count one out."""
        self._open -= 1

    def renew(self) -> None:
        """Somebody may less than before: who is served comes again, or stays out."""
        self.renewed += 1

    async def pause(self, seconds: float) -> bool:
        """Wait; false, and at once, when the host stops."""
        try:
            async with asyncio.timeout(seconds):
                await self._closing.wait()
        except TimeoutError:
            return True
        return False


class StreamAnswer(Response[str]):
    """Server-sent events, written as they come; ends when the client goes away.

    Args:
        events: Their bytes.
        left: Called once, whatever way the answer ended.
    """

    #: What the OpenAPI document says of it.
    documented_as: ClassVar = "text/event-stream"

    # As `Answer` of the host: what Litestar asks of a response is answered below.
    def __init__(
        self, events: AsyncGenerator[bytes, None], left: Callable[[], None]
    ) -> None:
        self.status_code = 200
        self.events = events
        self.left = left

    def to_asgi_response(self, *_: Any, **__: Any) -> Any:
        """Answer itself: nothing is left to be made."""
        return self.send

    async def send(self, scope: Any, receive: Any, send: Any) -> None:
        """Send events until they or the client end."""
        del scope  # ASGI hands it over
        start = {"type": "http.response.start", "status": 200, "headers": [*_HEAD]}
        try:
            await send(start)
            async with asyncio.TaskGroup() as group:
                writing = group.create_task(self._write(send))
                watching = group.create_task(_gone(receive))
                await asyncio.wait(
                    {writing, watching}, return_when=asyncio.FIRST_COMPLETED
                )
                writing.cancel()
                watching.cancel()
        finally:
            self.left()

    async def _write(self, send: Any) -> None:
        async with aclosing(self.events) as events:
            async for event in events:
                # A client that takes nothing for so long is as good as gone.
                async with asyncio.timeout(_STUCK):
                    await send(_body(event, more=True))
        await send(_body(b"", more=False))


async def _gone(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _body(data: bytes, *, more: bool) -> dict[str, object]:
    return {"type": "http.response.body", "body": data, "more_body": more}
