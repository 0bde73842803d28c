"""The line between a browser and a host, which a test can cut."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

from relay import Relay

__all__ = ["Cable", "cable"]


class Cable:
    """A `Relay` with a loop of its own, for tests without one."""

    def __init__(self, loop: asyncio.AbstractEventLoop, port: int) -> None:
        self._loop = loop
        self._relay = Relay(lambda: asyncio.open_connection("127.0.0.1", port))
        self.mend()

    @property
    def base(self) -> str:
        """Where browsers find the host."""
        return f"http://127.0.0.1:{self._relay.port}"

    def mend(self) -> None:
        """Let connections through."""
        self._run(self._relay.mend())

    def cut(self) -> None:
        """Break what is open and refuse what comes."""
        self._run(self._relay.cut())

    def hold(self) -> None:
        """Pass nothing on, and say nothing of it."""
        self._run(self._relay.hold())

    def let_go(self) -> None:
        """Pass on what was held, and whatever comes."""
        self._run(self._relay.let_go())

    def _run(self, what: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(what, self._loop).result(10)


@contextmanager
def cable(port: int) -> Iterator[Cable]:
    """Lay one to a port of this machine; it is cut in the end."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    laid = Cable(loop, port)
    try:
        yield laid
    finally:
        laid.cut()
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
