"""The process around a host, where the host has it for itself."""

from __future__ import annotations

from typing import Protocol

__all__ = ["Process"]


class Process(Protocol):
    """What a host may ask of its own process."""

    def restart(self) -> None:
        """Start it anew at once, whatever it is doing."""
        ...

    def renew(self) -> None:
        """Start it anew when its jobs and requests have ended; fail none of them."""
        ...
