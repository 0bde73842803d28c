"""A real PostgreSQL, the plugin's tables in it, and meters that are canned pages."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import asyncpg
import msgspec
import pytest

from nxforge_consumption_monitor.collect import Collector, CollectParams
from nxforge_consumption_monitor.endpoints import create
from nxforge_consumption_monitor.fetch import Pages
from nxforge_consumption_monitor.models import EndpointBody, EndpointView
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import (
    HttpRequest,
    HttpResponse,
    JobContext,
    JobName,
    PluginContext,
    PluginId,
    PluginInfo,
    RunId,
    RunInfo,
    UnavailableError,
)
from nxforge_core.database import (
    Pool,
    ServerAddress,
    migrate,
    prepare_corner,
    quote_identifier,
)

SCHEMA: Final = "nxp_consumption_monitor"
_ENERGY: Final = {
    "quantity": "energy",
    "steps": [
        {"step": "json", "path": "kwh"},
        {"step": "unit", "fixed": "kWh"},
    ],
}
_POWER: Final = {
    "quantity": "power",
    "steps": [{"step": "json", "path": "kw"}, {"step": "unit", "fixed": "kW"}],
}
#: Of a device that answers `{"kwh": ..., "kw": ...}`.
RULES: Final[dict[str, object]] = {"rules": [_ENERGY, _POWER]}
#: Of one that knows no energy.
POWER_RULES: Final[dict[str, object]] = {"rules": [_POWER]}


@pytest.fixture(scope="session")
def migrations() -> Path:
    """The plugin's own migrations."""
    return Path(str(files("nxforge_consumption_monitor"))) / "migrations"


@pytest.fixture(scope="session")
def template(server: ServerAddress, migrations: Path) -> str:
    """Name of a database with the plugin's tables, from which others are copied."""
    name = f"template_{secrets.token_hex(6)}"

    async def make() -> None:
        await _on(server, f"CREATE DATABASE {quote_identifier(name)}")
        fresh = server.with_database(name)
        await _on(fresh, f"CREATE SCHEMA {SCHEMA}")
        await migrate(fresh, SCHEMA, "consumption-monitor", migrations)

    with asyncio.Runner() as runner:
        runner.run(make())
    return name


@pytest.fixture
async def database(
    server: ServerAddress, template: str
) -> AsyncIterator[ServerAddress]:
    """A fresh database with the plugin's tables, empty."""
    name = f"test_{secrets.token_hex(6)}"
    quoted, source = quote_identifier(name), quote_identifier(template)
    await _on(server, f"CREATE DATABASE {quoted} TEMPLATE {source}")
    yield server.with_database(name)
    await _on(server, f"DROP DATABASE {quoted} WITH (FORCE)")


@pytest.fixture
async def own_login(server: ServerAddress) -> AsyncIterator[ServerAddress]:
    """A fresh database with the plugin's schema and login as the host makes them."""
    name = f"test_{secrets.token_hex(6)}"
    await _on(server, f"CREATE DATABASE {quote_identifier(name)} TEMPLATE template0")
    host = Pool(server.with_database(name), search_path="public")
    corner = await prepare_corner(
        host, server.with_database(name), "consumption-monitor", None
    )
    await host.close()
    yield corner.address
    await _on(server, f"DROP DATABASE {quote_identifier(name)} WITH (FORCE)")
    if corner.isolated:
        await _on(server, f"DROP ROLE {quote_identifier(corner.address.user)}")


async def _on(address: ServerAddress, sql: str) -> None:
    connection = await asyncpg.connect(**address.asyncpg_arguments())
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


@pytest.fixture
async def pool(database: ServerAddress) -> AsyncIterator[Pool]:
    """A pool on the plugin's schema."""
    opened = Pool(database, search_path=SCHEMA, application_name="test")
    yield opened
    await opened.close()


class HeldClock:
    """A clock that moves only when the test says so."""

    def __init__(self) -> None:
        self.instant = datetime(2025, 3, 10, 12, 0, tzinfo=UTC)

    def now(self) -> datetime:
        """The held instant."""
        return self.instant

    def monotonic(self) -> float:
        """The same as seconds."""
        return self.instant.timestamp()

    def pass_by(self, **amount: float) -> None:
        """Let time go on: `minutes=5`."""
        self.instant += timedelta(**amount)


class CannedHttp:
    """Devices by URL: an answer, or the error that fetching it raises."""

    def __init__(self) -> None:
        self.pages: dict[str, HttpResponse | Exception] = {}
        self.requests: list[HttpRequest] = []
        self.at_once = 0
        self.most_at_once = 0

    def serve(
        self, url: str, body: str | bytes, content_type: str, status: int = 200
    ) -> None:
        """Let a URL answer with a body."""
        raw = body.encode() if isinstance(body, str) else body
        self.pages[url] = HttpResponse(
            status=status,
            headers={"content-type": content_type},
            body=raw,
            url=url,
            elapsed=0.01,
        )

    async def fetch(self, request: HttpRequest) -> HttpResponse:
        """Answer, one turn of the loop later."""
        self.requests.append(request)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0)
        self.at_once -= 1
        page = self.pages[request.url]
        if isinstance(page, Exception):
            raise page
        return page


class MirrorSecrets:
    """Seals by turning the text around: not secret, and not the same text."""

    def seal(self, text: str) -> str:
        """Turn around."""
        return "sealed:" + text[::-1]

    def open(self, sealed: str) -> str:
        """Turn back."""
        return sealed.removeprefix("sealed:")[::-1]


class QueuedJobs:
    """Remembers what was asked to run."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Mapping[str, object] | None]] = []

    async def run(self, job: str, params: Mapping[str, object] | None = None) -> RunId:
        """Remember it."""
        self.asked.append((job, params))
        return RunId(len(self.asked))


class KeptEvents:
    """Keeps what was published, as pairs of name and data."""

    def __init__(self) -> None:
        self.published: list[tuple[str, Any]] = []

    async def publish(self, name: str, data: Any) -> None:
        """Keep it."""
        self.published.append((name, msgspec.to_builtins(data)))

    async def publish_all(self, name: str, batch: Iterable[Any]) -> None:
        """Keep all of them."""
        for data in batch:
            await self.publish(name, data)


class KeptNotices:
    """Keeps what people are told: level, subject and key."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str, str | None]] = []
        self.away = False

    async def send(
        self, subject: str, text: str, *, level: Any = "info", key: str | None = None
    ) -> int:
        """Keep it."""
        if self.away:
            raise UnavailableError(text)
        self.told.append((level, subject, key))
        return 1


class KeptLog:
    """Keeps every line as text."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def debug(self, event: str, **facts: object) -> None:
        """Keep it."""
        self.lines.append(f"{event} {facts}")

    info = warning = error = exception = debug


class Monitor:
    """The plugin on its database, with a clock and devices in the test's hand."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.clock = HeldClock()
        self.http = CannedHttp()
        self.browser: Any = None
        self.jobs = QueuedJobs()
        self.events = KeptEvents()
        self.notify = KeptNotices()
        self.log = KeptLog()
        self.settings = MonitorSettings(time_zone="Europe/Bucharest")
        self.collector = Collector(Pages())

    def _parts(self) -> dict[str, Any]:
        return {
            "plugin": PluginInfo(PluginId("consumption-monitor"), "test", "0"),
            "settings": self.settings,
            "db": self.pool,
            "http": self.http,
            "browser": self.browser,
            "secrets": MirrorSecrets(),
            "jobs": self.jobs,
            "events": self.events,
            "notify": self.notify,
            "log": self.log,
            "clock": self.clock,
        }

    @property
    def ctx(self) -> PluginContext[MonitorSettings]:
        """What a route is handed."""
        return PluginContext(**self._parts())

    def job(self, slot: datetime | None = None) -> JobContext[MonitorSettings]:
        """What a job is handed, in a run of the slot, by default of this instant."""

        async def progress(done: int, total: int, text: str) -> None:
            self.log.info(text, done=done, total=total)

        return JobContext(
            **self._parts(),
            run=RunInfo(
                RunId(1),
                JobName("collect-consumption"),
                slot or self.clock.now(),
                attempt=1,
            ),
            transaction=self.pool.transaction,
            progress=progress,
        )

    async def add(self, name: str, **members: Any) -> EndpointView:
        """Create an endpoint that reads `{"kwh": ..., "kw": ...}`."""
        known: dict[str, Any] = {
            "name": name,
            "url": f"http://meter.test/{name}",
            "rules": RULES,
        }
        return await create(self.ctx, EndpointBody(**known | members))

    #: Rules of a device that knows no energy.
    power_rules: Final = POWER_RULES

    def show(self, name: str, kwh: str, kw: str = "1.5") -> None:
        """Let a device show a register and a power."""
        body = f'{{"kwh": {kwh}, "kw": {kw}}}'
        self.http.serve(f"http://meter.test/{name}", body, "application/json")

    async def round(self, slot: datetime | None = None, **params: Any) -> Any:
        """One run of collection now: its outcome, or its shards."""
        return await self.collector.collect(self.job(slot), CollectParams(**params))


@pytest.fixture
def monitor(pool: Pool) -> Monitor:
    """The plugin on its database."""
    return Monitor(pool)
