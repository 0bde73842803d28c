"""The hooks of the temperature monitor."""

from __future__ import annotations

from datetime import timedelta

from nxforge_core.api import (
    Cron,
    JobContext,
    JobSpec,
    MigrationsSpec,
    NoParams,
    PluginContext,
    RouteSpec,
    SettingsSpec,
    hookimpl,
    load_sql,
)
from nxforge_temperature_monitor.models import (
    NewReading,
    Reading,
    Stored,
    TemperatureSettings,
)

__all__ = ["cleanup_readings", "readings", "store_reading"]

_sql = load_sql("nxforge_temperature_monitor")


async def readings(ctx: PluginContext[TemperatureSettings]) -> list[Reading]:
    """The newest reading of every sensor."""
    return await ctx.db.structs(Reading, _sql.newest)


async def store_reading(
    ctx: PluginContext[TemperatureSettings], data: NewReading
) -> Stored:
    """Store one temperature."""
    data.check()
    at = data.ts or ctx.clock.now()
    tag = await ctx.db.execute(_sql.store, data.sensor, at, data.celsius)
    return Stored(stored=tag == "INSERT 0 1")


async def cleanup_readings(
    ctx: JobContext[TemperatureSettings], _params: NoParams
) -> dict[str, object]:
    """Delete readings older than the retention."""
    limit = ctx.clock.now() - timedelta(days=ctx.settings.retention_days)
    async with ctx.transaction() as connection:
        tag = await connection.execute(_sql.forget, limit)
    return {"deleted": int(tag.removeprefix("DELETE ")), "before": limit.isoformat()}


@hookimpl
def nxforge_settings() -> SettingsSpec:
    """Retention."""
    return SettingsSpec(TemperatureSettings)


@hookimpl
def nxforge_migrations() -> MigrationsSpec:
    """One table."""
    return MigrationsSpec("nxforge_temperature_monitor")


@hookimpl
def nxforge_routes() -> list[RouteSpec]:
    """Read and store."""
    read = "temperature-monitor:readings:read"
    write = "temperature-monitor:readings:write"
    return [
        RouteSpec("GET", "/readings", readings, permission=read),
        RouteSpec("POST", "/readings", store_reading, permission=write, status=201),
    ]


@hookimpl
def nxforge_jobs() -> list[JobSpec]:
    """Forget old readings every night."""
    return [
        JobSpec(
            name="cleanup-readings",
            title="Delete old temperatures",
            handler=cleanup_readings,
            trigger=Cron("30 3 * * *"),
            timeout=60,
        )
    ]
