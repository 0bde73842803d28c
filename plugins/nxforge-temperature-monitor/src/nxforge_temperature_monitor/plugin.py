"""The hooks of the temperature monitor."""

from __future__ import annotations

from nxforge_core.api import (
    Cron,
    Every,
    HealthSpec,
    JobSpec,
    MigrationsSpec,
    RouteSpec,
    SettingsSpec,
    hookimpl,
    ui,
)
from nxforge_temperature_monitor.collect import clean_up, collect
from nxforge_temperature_monitor.health import sensor_health
from nxforge_temperature_monitor.pages import PAGES
from nxforge_temperature_monitor.routes import ROUTES
from nxforge_temperature_monitor.settings import TemperatureSettings

__all__ = [
    "nxforge_health",
    "nxforge_jobs",
    "nxforge_migrations",
    "nxforge_pages",
    "nxforge_routes",
    "nxforge_settings",
]


@hookimpl
def nxforge_settings() -> SettingsSpec:
    """Retention, the site's zone, how many sensors are asked at a time."""
    return SettingsSpec(TemperatureSettings)


@hookimpl
def nxforge_migrations() -> MigrationsSpec:
    """Sensors, readings, what is kept of them, alerts."""
    return MigrationsSpec("nxforge_temperature_monitor")


@hookimpl
def nxforge_routes() -> list[RouteSpec]:
    """Sensors, readings, rollups, alerts, and a stream of what is new."""
    return ROUTES


@hookimpl
def nxforge_pages() -> list[ui.Page]:
    """How warm it is and was, and the sensors."""
    return PAGES


@hookimpl
def nxforge_health() -> list[HealthSpec]:
    """Whether sensors are read."""
    return [HealthSpec("sensors", sensor_health)]


@hookimpl
def nxforge_jobs() -> list[JobSpec]:
    """Read what is due, and forget what is old every night."""
    return [
        JobSpec(
            name="collect-temperatures",
            title="Read temperature sensors",
            handler=collect,
            trigger=Every(seconds=10),
            timeout=300.0,
            misfire="skip",
            keep_days=7,
        ),
        JobSpec(
            name="cleanup-readings",
            title="Delete old temperatures",
            handler=clean_up,
            trigger=Cron("30 3 * * *"),
            timeout=600.0,
        ),
    ]
