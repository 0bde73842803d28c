"""What became of events in this process, for whoever scrapes metrics."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

from nxforge_core.events import EventCounts

__all__ = ["EventMeters"]


class EventMeters(Collector):
    """Reads the hub's own counts at each scrape: nothing is counted twice."""

    def __init__(self, counts: EventCounts, registry: CollectorRegistry) -> None:
        self._counts = counts
        registry.register(self)

    def collect(self) -> Iterator[CounterMetricFamily]:
        """One counter, by plugin and fate."""
        family = CounterMetricFamily(
            "nxforge_events",
            "Events of this process, by plugin and what became of them.",
            labels=("plugin", "fate"),
        )
        for plugin, fate, count in self._counts:
            family.add_metric((plugin, fate), count)
        yield family
