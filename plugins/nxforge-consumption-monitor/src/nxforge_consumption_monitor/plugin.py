"""What the plugin adds to the host."""

from __future__ import annotations

from nxforge_consumption_monitor.commands import (
    energy_command,
    export_command,
    extract_command,
    import_command,
    report_command,
)
from nxforge_consumption_monitor.health import (
    browser_health,
    collection_health,
    template_health,
)
from nxforge_consumption_monitor.jobs import jobs
from nxforge_consumption_monitor.pages import (
    PAGES,
    endpoint_form_page,
    endpoint_import_page,
    imports_page,
    type_in_page,
)
from nxforge_consumption_monitor.routes import ROUTES, live_route, trial_route
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import (
    CommandSpec,
    HealthSpec,
    JobSpec,
    MigrationsSpec,
    RouteSpec,
    SettingsSpec,
    hookimpl,
    ui,
)

__all__ = [
    "nxforge_commands",
    "nxforge_health",
    "nxforge_jobs",
    "nxforge_migrations",
    "nxforge_pages",
    "nxforge_routes",
    "nxforge_settings",
]


@hookimpl
def nxforge_routes() -> list[RouteSpec]:
    """Live values, readings, reports, endpoints."""
    return [*ROUTES, live_route(), trial_route()]


@hookimpl
def nxforge_jobs() -> list[JobSpec]:
    """Collection, polls on demand, retention."""
    return jobs()


@hookimpl
def nxforge_migrations() -> MigrationsSpec:
    """Endpoints, readings, and how readings are stored."""
    return MigrationsSpec(package="nxforge_consumption_monitor")


@hookimpl
def nxforge_settings() -> SettingsSpec:
    """Site zone, retention, concurrency, defaults of endpoints."""
    return SettingsSpec(MonitorSettings)


@hookimpl
def nxforge_pages() -> list[ui.Page]:
    """How the meters are, what they used, and how they are set up."""
    return [
        *PAGES,
        imports_page(),
        type_in_page(),
        endpoint_form_page(),
        endpoint_import_page(),
    ]


@hookimpl
def nxforge_health() -> list[HealthSpec]:
    """Whether rounds happen and endpoints answer; whether there is a browser."""
    return [
        HealthSpec("collection", collection_health),
        HealthSpec("browser", browser_health),
        HealthSpec("templates", template_health),
    ]


@hookimpl
def nxforge_commands() -> list[CommandSpec]:
    """Trying rules and registers without a database; reports and readings as files."""
    return [
        CommandSpec(extract_command),
        CommandSpec(energy_command),
        CommandSpec(report_command, context=True),
        CommandSpec(export_command, context=True),
        CommandSpec(import_command, context=True),
    ]
