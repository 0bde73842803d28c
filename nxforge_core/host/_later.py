"""The core's own routes, built when the first of them is asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from threading import Lock
from typing import Any

from ._application import PluginApplication

__all__ = ["LaterApplication", "now_or_later"]


class LaterApplication:
    """A `PluginApplication` that does not hold up the start of a host.

    For hosts that start more often than they are asked, as those of tests do.

    Args:
        build: Makes it; called once, off the loop.
    """

    def __init__(self, build: Callable[[], PluginApplication]) -> None:
        self._build = build
        self._built: PluginApplication | None = None
        self._building = Lock()

    async def asgi(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one ASGI connection."""
        if (built := self._built) is None:
            built = await asyncio.to_thread(self._get)
        await built.asgi(scope, receive, send)

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document; slow, so call it off the loop."""
        return self._get().openapi()

    def _get(self) -> PluginApplication:
        with self._building:
            if self._built is None:
                self._built = self._build()
            return self._built


async def now_or_later(
    build: Callable[[], PluginApplication], *, later: bool
) -> PluginApplication | LaterApplication:
    """Build at once, off the loop, or when somebody asks."""
    return LaterApplication(build) if later else await asyncio.to_thread(build)
