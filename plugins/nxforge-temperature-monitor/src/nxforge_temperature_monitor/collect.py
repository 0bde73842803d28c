"""Reading what is due, over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

import msgspec

from nxforge_core.api import (
    HttpRequest,
    JobContext,
    NoParams,
    NxForgeError,
    Outcome,
    load_sql,
)
from nxforge_temperature_monitor.extract import (
    ExtractionError,
    Kind,
    Unit,
    celsius_of,
    find_text,
)
from nxforge_temperature_monitor.models import Reading, check_celsius
from nxforge_temperature_monitor.settings import TemperatureSettings
from nxforge_temperature_monitor.store import forget, store, tell

__all__ = ["clean_up", "collect"]

_Context = JobContext[TemperatureSettings]
_SQL = load_sql("nxforge_temperature_monitor")
_OK: Final = 200
_LONGEST: Final = 200


class _Due(msgspec.Struct, frozen=True):
    name: str
    url: str
    kind: Kind
    place: str
    unit: Unit


async def collect(ctx: _Context, _params: NoParams) -> Outcome:
    """Ask the sensors that are due; one that fails is no reason not to ask others."""
    due = await ctx.db.structs(_Due, _SQL.due_sensors, ctx.clock.now())
    if not due:
        return Outcome.idle()
    room = asyncio.Semaphore(ctx.settings.concurrency)

    async def poll(sensor: _Due) -> str | None:
        async with room:
            return await _poll(ctx, sensor)

    try:
        async with asyncio.TaskGroup() as group:
            polls = [group.create_task(poll(sensor)) for sensor in due]
    except ExceptionGroup as failed:
        # No device's error leaves a poll: this one is the database's.
        raise failed.exceptions[0] from None
    return _outcome(
        {one.name: done.result() for one, done in zip(due, polls, strict=True)}
    )


def _outcome(told: Mapping[str, str | None]) -> Outcome:
    failed = {name: why for name, why in told.items() if why is not None}
    result = {"read": len(told) - len(failed), "failed": failed}
    if not failed:
        return Outcome.ok(result)
    return (
        Outcome.failed(result) if len(failed) == len(told) else Outcome.partial(result)
    )


async def _poll(ctx: _Context, sensor: _Due) -> str | None:
    """Read one and store it; why it failed, None if it did not."""
    try:
        reading = await _read(ctx, sensor)
    except NxForgeError as error:
        why = str(error)[:_LONGEST]
        async with ctx.transaction() as connection:
            await connection.execute(
                _SQL.note_failure, sensor.name, ctx.clock.now(), why
            )
        return why
    async with ctx.transaction() as connection:
        # Whoever deleted it meanwhile wants no reading of it.
        noted = _SQL.note_success, sensor.name, reading.ts
        if await connection.execute(*noted) != "UPDATE 1":
            return None
        change = await store(connection, reading)
    await tell(ctx.events, change)
    return None


async def _read(ctx: _Context, sensor: _Due) -> Reading:
    request = HttpRequest(url=sensor.url, timeout=ctx.settings.timeout_s)
    answer = await ctx.http.fetch(request)
    if answer.status != _OK:
        raise ExtractionError(sensor.place, f"the answer is HTTP {answer.status}")
    text = find_text(answer.body, sensor.kind, sensor.place)
    celsius = celsius_of(text, sensor.unit, sensor.place)
    check_celsius("celsius", celsius)
    return Reading(sensor=sensor.name, ts=ctx.clock.now(), celsius=celsius)


async def clean_up(ctx: _Context, _params: NoParams) -> dict[str, object]:
    """Delete readings and rollups older than their retention."""
    now, settings = ctx.clock.now(), ctx.settings
    async with ctx.transaction() as connection:
        deleted = await forget(
            connection, now, settings.retention_days, settings.rollup_days
        )
    before = now - timedelta(days=settings.retention_days)
    return {"deleted": deleted, "before": before.isoformat()}
