"""How long the host waits for the code of plugins."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Deadlines"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """Seconds a plugin gets.

    Attributes:
        load: For its module to be imported and its hooks to answer, while the host
            serves.
        start: For its life span to begin.
        stop: For its life span to end.
        check: For each of its health checks.
        gone: For its files to come back, since pip takes the old ones away before it
            brings new ones.
        cancel: To end after it was cancelled, before it is left to itself.
    """

    load: float = 30.0
    start: float = 30.0
    stop: float = 10.0
    check: float = 5.0
    gone: float = 3.0
    cancel: float = 2.0
