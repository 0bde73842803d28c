"""Whole hosts on a real database, with plugins that a test makes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import msgspec
import pytest
from distributions import Site
from forked import call_nxforge

from nxforge_core.database import ServerAddress
from nxforge_core.host import Deadlines, NxForge, Running
from nxforge_core.settings import (
    DatabaseSettings,
    JobSettings,
    LogSettings,
    PluginSettings,
    Settings,
)

#: A plugin with one of everything that requests reach.
METER = '''
import asyncio
from decimal import Decimal

import msgspec
from litestar.exceptions import HTTPException

from nxforge_core.api import *


class Reading(Model):
    meter_id: int
    value: Decimal


class NewReading(Body):
    meter_id: int
    value: Decimal


async def readings(ctx: PluginContext, limit: int = 2) -> list[Reading]:
    """List readings."""
    rows = await ctx.db.structs(Reading, "select meter_id, value from reading limit $1",
                                limit)
    return rows


async def add(ctx: PluginContext, data: NewReading) -> Reading:
    await ctx.db.execute("insert into reading values ($1, $2)", data.meter_id,
                         data.value)
    return Reading(meter_id=data.meter_id, value=data.value)


async def remove(ctx: PluginContext, meter_id: int) -> None:
    await ctx.db.execute("delete from reading where meter_id = $1", meter_id)


async def hello() -> str:
    return "hello"


async def broken() -> str:
    raise RuntimeError("the password is swordfish")


async def leave() -> str:
    raise SystemExit(3)


async def shared() -> str:
    async with asyncio.TaskGroup() as group:
        group.create_task(missing())
    return ""


async def missing():
    raise UnknownItemError(kind="meter", value=7)


async def teapot() -> str:
    raise HTTPException(status_code=499, detail="gone")


async def panel(ctx):
    return [ui.Figure("Energy", "12.50", "kWh")]


async def bad_panel(ctx):
    raise ValueError("unspeakable")


@hookimpl
def nxforge_routes():
    read = "meter:readings:read"
    return [
        RouteSpec("GET", "/readings", readings, permission=read),
        RouteSpec("POST", "/readings", add, permission="meter:readings:write",
                  status=201),
        RouteSpec("DELETE", "/readings/{meter_id:int}", remove,
                  permission="meter:readings:write", status=204),
        RouteSpec("GET", "/hello", hello, public=True),
        RouteSpec("GET", "/broken", broken, permission=read),
        RouteSpec("GET", "/leave", leave, permission=read),
        RouteSpec("GET", "/shared", shared, permission=read),
        RouteSpec("GET", "/teapot", teapot, permission=read),
    ]


@hookimpl
def nxforge_migrations():
    return MigrationsSpec(__package__)


@hookimpl
def nxforge_pages():
    body = [ui.Stats("Now", panel), ui.Stats("Later", bad_panel)]
    return [ui.Page(name="start", title="Meters", body=body, public=True, home=True)]
'''
METER_MANIFEST = {
    "permissions": [
        {
            "name": "meter:readings:read",
            "description": "See readings.",
            "roles": ["operator", "viewer"],
        },
        {
            "name": "meter:readings:write",
            "description": "Enter readings.",
            "roles": ["operator"],
        },
    ]
}
METER_FILES = {
    "migrations/001_create_reading.sql": "create table reading "
    "(meter_id bigint, value numeric);",
}

#: A plugin with nothing but a public route.
GREETER = """
from nxforge_core.api import *


async def greet() -> str:
    return "good day"


@hookimpl
def nxforge_routes():
    return [RouteSpec("GET", "/greet", greet, public=True)]
"""


@dataclass(frozen=True)
class Hosted:
    """A started host and a client that speaks to it."""

    app: NxForge
    running: Running
    client: httpx.AsyncClient

    async def bearer(self, role: str) -> dict[str, str]:
        """Headers of a caller with this role."""
        token = await self.running.security.tokens.create(f"{role} of a test", role)
        return {"authorization": f"Bearer {token.text}"}


Start = Callable[..., Awaitable[Hosted]]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """An empty site-packages folder on the path."""
    made = Site(tmp_path / "site")
    monkeypatch.syspath_prepend(str(made.folder))
    yield made
    made.forget()


@pytest.fixture
def meter(site: Site) -> Path:
    """The plugin `meter`, installed; answers its package's folder."""
    folder: Path = site.add("meter", METER, manifest=METER_MANIFEST, files=METER_FILES)
    return folder


@pytest.fixture
def settings(database: ServerAddress, tmp_path: Path) -> Settings:
    """A host on the fresh database that runs no jobs and logs no requests."""
    return Settings(
        data_dir=tmp_path / "data",
        database=DatabaseSettings(url=url_of(database)),
        jobs=JobSettings(worker=False, scheduler=False),
        log=LogSettings(access=False),
    )


@pytest.fixture
def make(site: Site, settings: Settings) -> Callable[..., NxForge]:
    """Make a host with some plugins enabled; keywords replace settings."""

    def build(
        *enable: str, deadlines: Deadlines | None = None, **changes: Any
    ) -> NxForge:
        changes.setdefault("plugins", PluginSettings(enable=enable))
        return NxForge(
            msgspec.structs.replace(settings, **changes),
            distributions=site,
            deadlines=deadlines or Deadlines(gone=0.2),
        )

    return build


@pytest.fixture
async def start(make: Callable[..., NxForge]) -> AsyncIterator[Start]:
    """Make hosts as `make` does, started, and stop them afterwards."""
    async with AsyncExitStack() as stack:

        async def begin(*enable: str, **changes: Any) -> Hosted:
            app = make(*enable, **changes)
            await stack.enter_async_context(app)
            client = await stack.enter_async_context(speak(app))
            return Hosted(app, await app.start(), client)

        yield begin


@pytest.fixture
def nxforge(site: Site, settings: Settings) -> Callable[..., Awaitable[str]]:
    """Call `nxforge` as a process of its own; answers what it printed.

    Its keywords are the exit code that is expected, and ids of plugins to enable.
    """
    url = str(settings.database.url)
    where = ["--database-url", url, "--data-dir", str(settings.data_dir)]
    path = [str(site.folder)]

    async def call(*words: object, expected: int = 0, enable: str = "") -> str:
        variables = {"NXFORGE_PLUGINS_ENABLE": enable}
        code, out = await call_nxforge(
            [*map(str, words), *where], path=path, variables=variables
        )
        assert code == expected, out
        return out

    return call


@pytest.fixture(name="url_of")
def address_as_url() -> Callable[[ServerAddress], str]:
    """Write an address as a URL."""
    return url_of


@pytest.fixture(name="speak")
def speak_to() -> Callable[..., httpx.AsyncClient]:
    """Make a client of an ASGI application."""
    return speak


def speak(app: Any, **options: Any) -> httpx.AsyncClient:
    """A client of an ASGI application."""
    transport = httpx.ASGITransport(app)
    return httpx.AsyncClient(transport=transport, base_url="http://host", **options)


def url_of(address: ServerAddress) -> str:
    """The address as a URL with its password."""
    login = f"{quote(address.user, safe='')}:{quote(address.password, safe='')}"
    if address.host.startswith("/"):
        query = urlencode({"host": address.host, "port": address.port})
        return f"postgresql://{login}@/{address.database}?{query}"
    return f"postgresql://{login}@{address.host}:{address.port}/{address.database}"
