"""Blocks of the event loop, counted for whoever scrapes metrics."""

from __future__ import annotations

from collections.abc import Sequence

from prometheus_client import CollectorRegistry, Counter

from nxforge_core.api import PluginId
from nxforge_core.plugins import Ledger

__all__ = ["BlockMeters"]


class BlockMeters:
    """Counts by plugin; what the host itself did counts for plugin zero."""

    def __init__(
        self, registry: CollectorRegistry, ledger: Ledger | None = None
    ) -> None:
        self._ledger = ledger or Ledger()
        self._count = Counter(
            "nxforge_loop_blocked",
            "Times the event loop was blocked.",
            ("plugin",),
            registry=registry,
        )
        self._seconds = Counter(
            "nxforge_loop_blocked_seconds",
            "How long the event loop was blocked.",
            ("plugin",),
            registry=registry,
        )

    def began(self, plugin: PluginId, stack: Sequence[str] = ()) -> None:
        """Count a block, and keep where it is."""
        self._count.labels(plugin).inc()
        account = self._ledger.of(plugin)
        account.blocks += 1
        account.stack = tuple(stack)

    def ended(self, plugin: PluginId, seconds: float) -> None:
        """Add how long it was."""
        self._seconds.labels(plugin).inc(seconds)
        self._ledger.of(plugin).blocked += seconds
