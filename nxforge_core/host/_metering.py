"""The metrics of one host: a registry of its own, so that two hosts count apart."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Final, get_args

from prometheus_client import CollectorRegistry, Gauge, ProcessCollector
from prometheus_client.exposition import generate_latest
from prometheus_client.openmetrics.exposition import (
    generate_latest as generate_openmetrics,
)

from nxforge_core.api import Database, UnavailableError, load_sql
from nxforge_core.database import Pool
from nxforge_core.events import EventCounts, Listener
from nxforge_core.jobs import Engine, EngineHealth, EngineState, JobMeters
from nxforge_core.plugins import Ledger

from ._block_meters import BlockMeters
from ._event_meters import EventMeters
from ._ledger_meters import LedgerMeters

__all__ = ["Metering"]

_SQL: Final = load_sql("nxforge_core.host")
_STATES: Final[tuple[str, ...]] = get_args(EngineState)


class Metering:
    """What a scraper is told.

    Attributes:
        jobs: Counted by the engine as it works; the rest is read at each scrape.
        blocks: Counted as the watchdog reports them.
        ledger: Added to by whoever works for a plugin.

    Args:
        listener: The host's.
        events: Counted by the hub.
    """

    def __init__(self, listener: Listener, events: EventCounts) -> None:
        self._listener = listener
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self.jobs = JobMeters(self._registry)
        self.ledger = Ledger()
        self.blocks = BlockMeters(self._registry, self.ledger)
        EventMeters(events, self._registry)
        LedgerMeters(self.ledger, self._registry)
        self._engine = self._gauge(
            "nxforge_engine_state", "1 for the state the job engine is in.", "state"
        )
        self._abandoned = self._gauge(
            "nxforge_handlers_abandoned", "Handlers that ignore their cancellation."
        )
        self._hears = self._gauge(
            "nxforge_listener_connected", "1 while the database's notices arrive."
        )
        self._unfinished = self._gauge(
            "nxforge_runs_unfinished",
            "Runs of the whole installation that did not end yet.",
            "plugin",
            "state",
        )
        self._connections = self._gauge(
            "nxforge_database_connections",
            "Connections of the host's own pool.",
            "use",
        )
        self._streams = self._gauge(
            "nxforge_streams_open",
            "Event streams: one for each browser with open pages, and of programs.",
            "use",
        )

    async def text(
        self,
        engine: Engine,
        pool: Pool,
        streams: Mapping[str, int],
        *,
        openmetrics: bool = False,
    ) -> bytes:
        """The metrics in the text format of Prometheus, or of OpenMetrics.

        Args:
            engine: The host's.
            pool: The host's own.
            streams: Open event streams by what they are for.
            openmetrics: Of the newer format.
        """
        self._tell_engine(engine.health())
        for use, count in pool.connections().items():
            self._connections.labels(use).set(count)
        for use, count in streams.items():
            self._streams.labels(use).set(count)
        # A scrape answers without the database, too.
        with suppress(UnavailableError):
            await self._count_unfinished(pool)
        write = generate_openmetrics if openmetrics else generate_latest
        return bytes(await asyncio.to_thread(write, self._registry))

    def _tell_engine(self, health: EngineHealth) -> None:
        for state in _STATES:
            self._engine.labels(state).set(health.state == state)
        self._abandoned.set(health.abandoned)
        self._hears.set(self._listener.connected)

    async def _count_unfinished(self, database: Database) -> None:
        rows = await database.fetch(_SQL.unfinished_runs)
        self._unfinished.clear()
        for row in rows:
            self._unfinished.labels(row["plugin"], row["state"]).set(row["count"])

    def _gauge(self, name: str, words: str, *labels: str) -> Gauge:
        return Gauge(name, words, labels, registry=self._registry)
