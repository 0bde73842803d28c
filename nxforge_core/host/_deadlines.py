"""How long the host waits for the code of plugins."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Deadlines"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """Seconds a plugin gets.

    Attributes:
        start: For its life span to begin.
        stop: For its life span to end.
        check: For each of its health checks.
        cancel: To end after it was cancelled, before it is left to itself.
    """

    start: float = 30.0
    stop: float = 10.0
    check: float = 5.0
    cancel: float = 2.0
