"""What plugins cost, for whoever scrapes metrics."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

from nxforge_core.plugins import Account, Ledger

__all__ = ["LedgerMeters"]

_Read = Callable[[Account], float]

_FAMILIES: Final[tuple[tuple[str, str, _Read], ...]] = (
    ("requests", "Requests that its routes answered.", lambda a: a.requests),
    ("request_failures", "Those answered 500 or above.", lambda a: a.failures),
    ("request_seconds", "Until answers began.", lambda a: a.answering),
    ("database_loans", "Connections of its pool lent.", lambda a: a.database.lent),
    ("database_wait_seconds", "Waiting for one.", lambda a: a.database.waited),
    ("database_held_seconds", "Having one.", lambda a: a.database.held),
    ("fetches", "Outgoing requests.", lambda a: a.fetches),
    ("fetch_failures", "Those without an answer.", lambda a: a.fetch_failures),
    ("fetch_seconds", "Of outgoing requests.", lambda a: a.fetching),
)


class LedgerMeters(Collector):
    """Reads the ledger at each scrape: nothing is counted twice."""

    def __init__(self, ledger: Ledger, registry: CollectorRegistry) -> None:
        self._ledger = ledger
        registry.register(self)

    def collect(self) -> Iterator[CounterMetricFamily]:
        """One counter for each figure, by plugin."""
        for name, words, read in _FAMILIES:
            family = CounterMetricFamily(
                f"nxforge_plugin_{name}", words, labels=("plugin",)
            )
            for plugin, account in self._ledger:
                family.add_metric((plugin,), read(account))
            yield family
