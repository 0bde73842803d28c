"""What the plugin's code is handed: a real database, real HTTP, and a held clock."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import (
    JobContext,
    JobName,
    PluginContext,
    PluginId,
    PluginInfo,
    RunId,
    RunInfo,
)
from nxforge_core.database import Pool
from nxforge_core.services import GuardedHttp

__all__ = ["SCHEMA", "HeldClock", "Surroundings"]

SCHEMA = "nxp_consumption_monitor"


class HeldClock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.instant = datetime(2000, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        """The instant that was set."""
        return self.instant

    def monotonic(self) -> float:
        """The same in seconds."""
        return self.instant.timestamp()


class _Loopback:
    """Allows what the run needs, and no more."""

    def refusal(self, address: str, port: int) -> str | None:
        """Refuse what is not loopback."""
        return None if address == "127.0.0.1" else f"{port} is not on loopback"


class _Errors:
    """Shows errors only."""

    def debug(self, event: str, **facts: object) -> None:
        """Say nothing."""

    info = warning = debug

    def error(self, event: str, **facts: object) -> None:
        """Show it."""
        sys.stderr.write(f"{event} {facts}\n")

    def exception(self, event: str, **facts: object) -> None:
        """Show it, and where it came from."""
        sys.stderr.write(f"{event} {facts}\n{traceback.format_exc()}")


class _Unheard:
    """Nobody listens to events."""

    async def publish(self, name: str, data: object) -> None:
        """Say it to nobody."""

    publish_all = publish


class _NoSecrets:
    """No simulated meter has any."""

    def seal(self, text: str) -> str:
        """Refuse."""
        raise AssertionError(text)

    open = seal


class _NoJobs:
    """Nothing is queued: the run says what is due."""

    async def run(self, job: str, params: Mapping[str, object] | None = None) -> RunId:
        """Refuse."""
        raise AssertionError(job, params)


class Surroundings:
    """Makes contexts.

    Args:
        pool: On the plugin's schema.
        zone: Of the site.
    """

    def __init__(self, pool: Pool, zone: str = "Europe/Bucharest") -> None:
        self.pool = pool
        self.clock = HeldClock()
        self.http = GuardedHttp(_Loopback())
        self._settings = MonitorSettings(
            time_zone=zone, concurrency=50, retention_days=3660,
            attempt_retention_days=3660,
        )  # fmt: skip

    @property
    def ctx(self) -> PluginContext[MonitorSettings]:
        """What a route is handed."""
        return PluginContext(**self._parts())

    def job(self, name: str) -> JobContext[MonitorSettings]:
        """What a job is handed, in a run of this instant."""

        async def progress(done: int, total: int, text: str) -> None:
            pass

        return JobContext(
            **self._parts(),
            run=RunInfo(RunId(1), JobName(name), self.clock.now(), attempt=1),
            transaction=self.pool.transaction,
            progress=progress,
        )

    async def close(self) -> None:
        """Close the connections."""
        await self.http.close()
        await self.pool.close()

    def _parts(self) -> dict[str, Any]:
        return {
            "plugin": PluginInfo(PluginId("consumption-monitor"), "simulation", "0"),
            "settings": self._settings,
            "db": self.pool,
            "http": self.http,
            "browser": None,
            "secrets": _NoSecrets(),
            "jobs": _NoJobs(),
            "events": _Unheard(),
            "log": _Errors(),
            "clock": self.clock,
        }
