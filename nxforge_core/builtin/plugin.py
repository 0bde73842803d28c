"""Plugin zero: what the core adds to the host, through the public hooks."""

from __future__ import annotations

from collections.abc import Sequence

from nxforge_core.api import MigrationsSpec, RouteSpec, hookimpl
from nxforge_core.api.pages import Page
from nxforge_core.builtin import (
    _audit,
    _documents,
    _doors,
    _events,
    _health,
    _home,
    _introspection,
    _jobs,
    _login,
    _metrics,
    _networks,
    _notify,
    _page_assets,
    _page_data,
    _page_deeds,
    _page_stream,
    _pages,
    _plugin_files,
    _plugin_health,
    _plugin_settings,
    _plugins,
    _restart,
    _roles,
    _run_events,
    _runs,
    _sessions,
    _settings,
    _settings_import,
    _setup,
    _tokens,
    _upkeep,
    _usage,
    _users,
)
from nxforge_core.builtin.pages import PAGES

__all__ = ["nxforge_migrations", "nxforge_pages", "nxforge_routes"]


@hookimpl
def nxforge_migrations() -> MigrationsSpec:
    """The core's own tables."""
    return MigrationsSpec("nxforge_core.builtin")


@hookimpl
def nxforge_pages() -> Sequence[Page]:
    """What operators and administrators look at, and what they do there."""
    return PAGES


@hookimpl
def nxforge_routes() -> Sequence[RouteSpec]:
    """Health, plugins, jobs, runs, people, the audit trail, metrics, pages."""
    return [
        *_health.ROUTES,
        *_plugins.ROUTES,
        *_upkeep.ROUTES,
        *_introspection.ROUTES,
        *_plugin_health.ROUTES,
        *_plugin_settings.ROUTES,
        *_plugin_files.ROUTES,
        *_usage.ROUTES,
        *_jobs.ROUTES,
        *_runs.ROUTES,
        *_run_events.ROUTES,
        *_events.ROUTES,
        *_login.ROUTES,
        *_sessions.ROUTES,
        *_users.ROUTES,
        *_roles.ROUTES,
        *_tokens.ROUTES,
        *_networks.ROUTES,
        *_notify.ROUTES,
        *_restart.ROUTES,
        *_settings.ROUTES,
        *_settings_import.ROUTES,
        *_setup.ROUTES,
        *_audit.ROUTES,
        *_metrics.ROUTES,
        *_documents.ROUTES,
        *_doors.ROUTES,
        *_home.ROUTES,
        *_pages.ROUTES,
        *_page_assets.ROUTES,
        *_page_data.ROUTES,
        *_page_deeds.ROUTES,
        *_page_stream.ROUTES,
    ]
