"""A network that kills a process at a named point of its talk with PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from wire import COMMITTED, Talk, Wire

from nxforge_core.jobs._sql import SQL

__all__ = ["POINTS", "Trap"]

_ASKS: Final = "asks"
_ANSWERS: Final = "answers"

#: What is said on one connection on the way to a point; the last is not passed on.
#: Statements are known by their text, which a new connection sends once.
POINTS: Final[Mapping[str, tuple[tuple[str, bytes], ...]]] = {
    "before claim": ((_ASKS, SQL.claim.encode()),),
    "after claim": ((_ASKS, SQL.claim.encode()), (_ANSWERS, b"UPDATE 1\x00")),
    "after fetch": ((_ASKS, b"select nxforge.fence($1, $2)"),),
    "before commit": ((_ASKS, b"insert into written"), (_ASKS, b"COMMIT;\x00")),
    "after commit": ((_ASKS, b"insert into written"), (_ANSWERS, COMMITTED)),
    "before the end is stored": ((_ASKS, SQL.finish.encode()),),
}


class Trap(Wire):
    """Set for one process at a time, which must be the only one on this wire.

    Attributes:
        sprung: Points at which it closed, in order.
    """

    def __init__(self, server_port: int) -> None:
        self._set: tuple[str, Callable[[], None]] | None = None
        self.sprung: list[str] = []
        super().__init__(server_port)

    def set(self, point: str, strike: Callable[[], None]) -> None:
        """Strike at the point, before the process has made a connection."""
        self._set = point, strike

    def asks(self, talk: Talk, data: bytes) -> bool:
        """Follow what the process says."""
        return self._follow(talk, _ASKS, data)

    def answers(self, talk: Talk, data: bytes) -> bool:
        """Follow what it is told."""
        return self._follow(talk, _ANSWERS, data)

    def _follow(self, talk: Talk, who: str, data: bytes) -> bool:
        if self._set is None:
            return True
        point, strike = self._set
        way = POINTS[point]
        while (where := _found(way[talk.reached], who, data)) >= 0:
            talk.reached += 1
            if talk.reached == len(way):
                self._set = None
                self.sprung.append(point)
                strike()
                return False
            data = data[where:]
        return True


def _found(step: tuple[str, bytes], who: str, data: bytes) -> int:
    """Where the step's words end, or -1."""
    said, words = step
    at = data.find(words) if said == who else -1
    return at if at < 0 else at + len(words)
