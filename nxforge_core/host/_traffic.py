"""The requests of one plugin that are under way."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial
from time import perf_counter
from typing import Any, Final

from nxforge_core.plugins import Account

from ._generation import ASGI

__all__ = ["Traffic"]

_FAILED: Final = 500


class Traffic:
    """An ASGI application whose open requests are counted.

    Args:
        application: Answers them.
        account: Of the plugin: how many there are, and how long they wait.
    """

    def __init__(self, application: ASGI, account: Account) -> None:
        self._application = application
        self._account = account
        self._open = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one."""
        begun, account = perf_counter(), self._account
        status = 500

        async def counted(message: Any) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                account.answering += perf_counter() - begun
            await send(message)

        try:
            await self._hold(self._application, scope, receive, counted)
        finally:
            account.requests += 1
            account.failures += status >= _FAILED

    def through(self, application: ASGI) -> ASGI:
        """Another application, whose requests are waited for as these are."""
        return partial(self._hold, application)

    async def _hold(
        self, application: ASGI, scope: Any, receive: Any, send: Any
    ) -> None:
        self._open += 1
        self._idle.clear()
        try:
            await application(scope, receive, send)
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
