"""The requests of one plugin that are under way."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

from ._generation import ASGI

__all__ = ["Traffic"]


class Traffic:
    """An ASGI application whose open requests are counted.

    Args:
        application: Answers them.
    """

    def __init__(self, application: ASGI) -> None:
        self._application = application
        self._open = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one."""
        self._open += 1
        self._idle.clear()
        try:
            await self._application(scope, receive, send)
        finally:
            self._open -= 1
            if not self._open:
                self._idle.set()

    async def cease(self, seconds: float) -> bool:
        """Wait for so long until none is open; answer whether that is so."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._idle.wait()
        return self._idle.is_set()
