"""The plugin over HTTP."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from msgspec import Meta

from nxforge_core.api import EventStream, PluginContext, RouteSpec
from nxforge_temperature_monitor import sensors, store
from nxforge_temperature_monitor.models import (
    Alert,
    NewReading,
    NewSensor,
    Reading,
    RollupView,
    Sensor,
    SensorBody,
    Stored,
)
from nxforge_temperature_monitor.rollups import Span
from nxforge_temperature_monitor.settings import TemperatureSettings

__all__ = ["ROUTES", "newest_readings", "store_reading"]

_Context = PluginContext[TemperatureSettings]
_Aware = Annotated[datetime, Meta(tz=True)]
_Limit = Annotated[int, Meta(ge=1, le=10_000)]

_READ: Final = "temperature-monitor:readings:read"
_WRITE: Final = "temperature-monitor:readings:write"
_SENSORS: Final = "temperature-monitor:sensors:read"
_CHANGE: Final = "temperature-monitor:sensors:write"
_DAY: Final = timedelta(days=1)


async def newest_readings(ctx: _Context) -> list[Reading]:
    """The newest reading of every sensor."""
    return await store.newest(ctx.db)


async def store_reading(ctx: _Context, data: NewReading) -> Stored:
    """Store one temperature; a sensor that nobody knew is known from then on."""
    data.check()
    at = data.ts or ctx.clock.now()
    reading = Reading(sensor=data.sensor, ts=at, celsius=data.celsius)
    async with ctx.db.transaction() as connection:
        change = await store.store(connection, reading)
    await store.tell(ctx.events, change)
    return Stored(stored=change.new)


async def list_sensors(ctx: _Context) -> list[Sensor]:
    """Every sensor and how it is."""
    return await sensors.list_sensors(ctx)


async def create_sensor(ctx: _Context, data: NewSensor) -> Sensor:
    """Add a sensor."""
    return await sensors.add_sensor(ctx, data)


async def get_sensor(ctx: _Context, name: str) -> Sensor:
    """One sensor."""
    return await sensors.show_sensor(ctx, name)


async def replace_sensor(ctx: _Context, name: str, data: SensorBody) -> Sensor:
    """Change how a sensor is read and what it may measure."""
    return await sensors.change_sensor(ctx, name, data)


async def delete_sensor(ctx: _Context, name: str) -> None:
    """Delete a sensor with its readings and alerts."""
    await sensors.show_sensor(ctx, name)
    await sensors.remove_sensors(ctx, [name])


async def list_readings(
    ctx: _Context,
    name: str,
    start: _Aware | None = None,
    end: _Aware | None = None,
    limit: _Limit = 1000,
) -> list[Reading]:
    """Readings of a sensor, the newest first; by default of the last day."""
    until = end or ctx.clock.now() + timedelta(seconds=1)
    return await store.readings(ctx.db, name, start or until - _DAY, until, limit)


async def list_rollups(
    ctx: _Context,
    name: str,
    span: Span = "hour",
    start: _Aware | None = None,
    end: _Aware | None = None,
) -> list[RollupView]:
    """Minimum, maximum and mean of each time; by default of the last 30 days."""
    until = end or ctx.clock.now() + timedelta(seconds=1)
    since = start or until - 30 * _DAY
    zone = ZoneInfo(ctx.settings.time_zone)
    return await store.rollups(ctx.db, name, since, until, span, zone)


async def list_alerts(
    ctx: _Context,
    sensor: str | None = None,
    only_open: bool = False,  # noqa: FBT001, FBT002 - a query parameter
    before: int | None = None,
    limit: Annotated[int, Meta(ge=1, le=1000)] = 100,
) -> list[Alert]:
    """Alerts, the newest first, from before an id on."""
    return await store.alerts(
        ctx.db, sensor, only_open=only_open, before=before, limit=limit
    )


async def live(ctx: _Context) -> EventStream:
    """New readings and alerts as they come, after the newest of every sensor."""
    first = await store.newest(ctx.db)
    return EventStream(names=("metric.measured", "alert.*"), first={"readings": first})


ROUTES: Final = [
    RouteSpec("GET", "/readings", newest_readings, permission=_READ),
    RouteSpec("POST", "/readings", store_reading, permission=_WRITE, status=201),
    RouteSpec("GET", "/sensors", list_sensors, permission=_SENSORS),
    RouteSpec("POST", "/sensors", create_sensor, permission=_CHANGE, status=201),
    RouteSpec("GET", "/sensors/{name:str}", get_sensor, permission=_SENSORS),
    RouteSpec("PUT", "/sensors/{name:str}", replace_sensor, permission=_CHANGE),
    RouteSpec(
        "DELETE", "/sensors/{name:str}", delete_sensor, permission=_CHANGE, status=204
    ),
    RouteSpec("GET", "/sensors/{name:str}/readings", list_readings, permission=_READ),
    RouteSpec("GET", "/sensors/{name:str}/rollups", list_rollups, permission=_READ),
    RouteSpec("GET", "/alerts", list_alerts, permission=_READ),
    RouteSpec("GET", "/live", live, permission=_READ),
]
