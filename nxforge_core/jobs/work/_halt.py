"""Whether an attempt is to end early, and by whose wish."""

from __future__ import annotations

import asyncio

__all__ = ["Halt"]


class Halt:
    """The end of an attempt that its handler does not know of yet.

    Attributes:
        asked: Done when the attempt is to end.
        cancelled: Somebody wants the run to end; else its worker stops, and another
            one goes on.
    """

    def __init__(self) -> None:
        self.asked: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.cancelled = False

    @property
    def stopping(self) -> bool:
        """Whether the worker stops."""
        return self.asked.done() and not self.cancelled

    def ask(self, *, cancelled: bool) -> None:
        """Have the attempt end; what was asked first counts."""
        if not self.asked.done():
            self.cancelled = cancelled
            self.asked.set_result(None)
