"""Plugin zero: what the core adds to the host, through the public hooks."""

from __future__ import annotations

from collections.abc import Sequence

from nxforge_core.api import MigrationsSpec, RouteSpec, hookimpl
from nxforge_core.builtin import (
    _documents,
    _health,
    _jobs,
    _pages,
    _plugin_health,
    _plugins,
)

__all__ = ["nxforge_migrations", "nxforge_routes"]


@hookimpl
def nxforge_migrations() -> MigrationsSpec:
    """The core's own tables."""
    return MigrationsSpec("nxforge_core.builtin")


@hookimpl
def nxforge_routes() -> Sequence[RouteSpec]:
    """Health, plugins, jobs, runs, pages, documents."""
    return [
        *_health.ROUTES,
        *_plugins.ROUTES,
        *_plugin_health.ROUTES,
        *_jobs.ROUTES,
        *_documents.ROUTES,
        *_pages.ROUTES,
    ]
