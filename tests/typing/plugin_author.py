"""Checked by mypy, never run: the API as a plugin author's editor sees it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any, assert_type

import msgspec

from nxforge_core.api import (
    Body,
    Cron,
    Every,
    HttpRequest,
    HttpResponse,
    JobContext,
    JobSpec,
    Model,
    Outcome,
    PluginContext,
    RouteSpec,
    RunId,
    Success,
    hookimpl,
    ui,
)


class MeterSettings(msgspec.Struct, frozen=True):
    """Settings of an imagined plugin."""

    zone: str = "UTC"


class Meter(Model):
    """What a route answers."""

    name: str
    kwh: Decimal | None = None


class NewMeter(Body):
    """What a route accepts."""

    name: str


class Listing(Success[list[Meter]]):
    """An answer with a member beside `data`."""

    timestamp: datetime


class Params(msgspec.Struct, frozen=True):
    """Parameters of a job."""

    batch: int = 20


async def listing(ctx: PluginContext[MeterSettings]) -> Listing:
    """Settings are typed, rows are structs, time is a datetime."""
    assert_type(ctx.settings.zone, str)
    rows = await ctx.db.structs(Meter, "select name, kwh from meter")
    assert_type(rows, list[Meter])
    return Listing(data=rows, timestamp=ctx.clock.now())


async def create(ctx: PluginContext[MeterSettings], data: NewMeter) -> Meter:
    """A transaction gives a connection with the same methods."""
    async with ctx.db.transaction() as connection:
        await connection.execute("insert into meter values ($1)", data.name)
    return Meter(name=data.name)


async def collect(ctx: JobContext[MeterSettings], params: Params) -> Outcome:
    """A job knows its run and writes under its fence."""
    answer = await ctx.http.fetch(HttpRequest(url="http://10.0.0.1/", timeout=5))
    assert_type(answer, HttpResponse)
    assert_type(ctx.run.id, RunId)
    assert_type(params.batch, int)
    async with ctx.transaction() as connection:
        value = await connection.fetchval("select 1")
        assert_type(value, Any)
    await ctx.progress(1, 2, "half")
    return Outcome.partial({"status": answer.status})


async def figures(ctx: PluginContext[MeterSettings]) -> list[ui.Figure]:
    """A widget's source."""
    count = await ctx.db.fetchval("select count(*) from meter")
    return [ui.Figure("Meters", str(count))]


@hookimpl
def nxforge_routes() -> list[RouteSpec]:
    """Method names and flags are checked."""
    return [
        RouteSpec("GET", "/meters", listing, permission="meter:meters:read"),
        RouteSpec("POST", "/meters", create, permission="meter:meters:write"),
        RouteSpec("FETCH", "/meters", listing, public=True),  # type: ignore[arg-type]  # no such method
    ]


@hookimpl
def nxforge_jobs() -> list[JobSpec]:
    """Triggers are a union of three structs."""
    return [
        JobSpec(
            name="collect",
            title="Collect",
            handler=collect,
            params=Params,
            trigger=Every(seconds=5),
        ),
        JobSpec(
            name="nightly",
            title="Nightly",
            handler=collect,
            trigger=Cron("0 3 * * *", "Europe/Bucharest"),
        ),
        JobSpec(name="wrong", title="Wrong", handler=collect, trigger="hourly"),  # type: ignore[arg-type]  # no trigger
    ]


@hookimpl
def nxforge_pages() -> list[ui.Page]:
    """Pages are data."""
    body = [ui.Stats("Meters", figures)]
    return [ui.Page(name="meters", title="Meters", body=body, public=True)]


@hookimpl
@asynccontextmanager
async def nxforge_lifespan(ctx: PluginContext[MeterSettings]) -> AsyncIterator[None]:
    """Entered before the first request, left after the last."""
    ctx.log.info("begins", zone=ctx.settings.zone)
    yield
