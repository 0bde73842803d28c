"""Blocks of the event loop, counted for whoever scrapes metrics."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter

from nxforge_core.api import PluginId

__all__ = ["BlockMeters"]


class BlockMeters:
    """Counts by plugin; what the host itself did counts for plugin zero."""

    def __init__(self, registry: CollectorRegistry) -> None:
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

    def began(self, plugin: PluginId) -> None:
        """Count a block."""
        self._count.labels(plugin).inc()

    def ended(self, plugin: PluginId, seconds: float) -> None:
        """Add how long it was."""
        self._seconds.labels(plugin).inc(seconds)
