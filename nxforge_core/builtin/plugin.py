"""Plugin zero: what the core adds to the host, through the public hooks."""

from __future__ import annotations

from collections.abc import Sequence

from nxforge_core.api import MigrationsSpec, RouteSpec, hookimpl
from nxforge_core.builtin import (
    _documents,
    _events,
    _health,
    _jobs,
    _metrics,
    _pages,
    _plugin_health,
    _plugins,
    _run_events,
    _runs,
    _usage,
)

__all__ = ["nxforge_migrations", "nxforge_routes"]


@hookimpl
def nxforge_migrations() -> MigrationsSpec:
    """The core's own tables."""
    return MigrationsSpec("nxforge_core.builtin")


@hookimpl
def nxforge_routes() -> Sequence[RouteSpec]:
    """Health, plugins, jobs, runs, metrics, pages, documents."""
    return [
        *_health.ROUTES,
        *_plugins.ROUTES,
        *_plugin_health.ROUTES,
        *_usage.ROUTES,
        *_jobs.ROUTES,
        *_runs.ROUTES,
        *_run_events.ROUTES,
        *_events.ROUTES,
        *_metrics.ROUTES,
        *_documents.ROUTES,
        *_pages.ROUTES,
    ]
