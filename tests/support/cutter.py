"""A network that loses the server's answer to a COMMIT, and with it the connection."""

from __future__ import annotations

from wire import COMMITTED, Talk, Wire

__all__ = ["Cutter"]


class Cutter(Wire):
    """Breaks connections at the worst moment.

    Attributes:
        cuts: Answers that were withheld: the server had committed.
    """

    def __init__(self, server_port: int) -> None:
        self._wanted = 0
        self.cuts = 0
        super().__init__(server_port)

    def cut_next(self) -> None:
        """Withhold the answer to the next COMMIT, whoever's it is."""
        self._wanted += 1

    def answers(self, talk: Talk, data: bytes) -> bool:  # noqa: ARG002 - of any talk
        """Pass on all but that answer."""
        if not self._wanted or COMMITTED not in data:
            return True
        self._wanted -= 1
        self.cuts += 1
        return False
