"""The temperature monitor on a real PostgreSQL, with a clock and devices of a test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import pytest

from nxforge_core.api import (
    Connection,
    HttpRequest,
    HttpResponse,
    OutboundTimeoutError,
)
from nxforge_core.database import Pool, ServerAddress, migrate
from nxforge_temperature_monitor.settings import TemperatureSettings

SCHEMA = "nxp_temperature_monitor"


@dataclass
class Devices:
    """Answers for sensors, by address; the others do not answer."""

    pages: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def fetch(self, request: HttpRequest) -> HttpResponse:
        """One exchange."""
        self.asked.append(request.url)
        if request.url not in self.pages:
            raise OutboundTimeoutError(request.url, request.timeout)
        status, body = self.pages[request.url]
        return HttpResponse(
            status=status, headers={}, body=body, url=request.url, elapsed=0.01
        )


@dataclass
class Told:
    """What was published."""

    events: list[tuple[str, Any]] = field(default_factory=list)

    async def publish(self, name: str, data: Any) -> None:
        """Note it."""
        self.events.append((name, data))

    @property
    def names(self) -> list[str]:
        """In the order in which they were told."""
        return [name for name, _ in self.events]


@dataclass
class Bench:
    """Stands for the context of routes, pages and jobs."""

    db: Pool
    at: datetime = datetime(2026, 3, 1, 12, tzinfo=UTC)
    http: Devices = field(default_factory=Devices)
    events: Told = field(default_factory=Told)
    settings: TemperatureSettings = field(
        default_factory=lambda: TemperatureSettings(retention_days=30)
    )

    @property
    def clock(self) -> Bench:
        """Stands still until a test moves it."""
        return self

    def now(self) -> datetime:
        """The time of the test."""
        return self.at

    def transaction(self) -> AbstractAsyncContextManager[Connection]:
        """As a run has it."""
        return self.db.transaction()

    def later(self, **passed: float) -> None:
        """Move the clock."""
        self.at += timedelta(**passed)


@pytest.fixture
async def schema(database: ServerAddress) -> AsyncIterator[Pool]:
    """The plugin's schema, empty."""
    pool = Pool(database, search_path=SCHEMA)
    await pool.execute(f"create schema {SCHEMA}")
    yield pool
    await pool.close()


@pytest.fixture
def bench_of(database: ServerAddress, schema: Pool) -> Callable[[], Awaitable[Bench]]:
    """Bring the plugin's tables up to date."""

    async def build() -> Bench:
        with as_file(files("nxforge_temperature_monitor") / "migrations") as folder:
            await migrate(database, SCHEMA, "temperature-monitor", folder)
        return Bench(schema)

    return build


@pytest.fixture
async def bench(bench_of: Callable[[], Awaitable[Bench]]) -> Bench:
    """The plugin's tables, and nothing in them."""
    return await bench_of()


@pytest.fixture
def migrations(tmp_path: Path) -> Path:
    """A folder with the first migration only, as version 0.1.0 had it."""
    source = files("nxforge_temperature_monitor") / "migrations"
    for name in ("001_create_reading.sql", "001_create_reading.rollback.sql"):
        (tmp_path / name).write_text((source / name).read_text("utf-8"), "utf-8")
    return tmp_path
