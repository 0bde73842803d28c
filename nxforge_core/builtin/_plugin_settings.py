"""The settings of one plugin: seen, described, and changed while the host runs."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from nxforge_core.api import Body, Model, RouteSpec, SettingsSpec
from nxforge_core.plugins.settings import NoSettingsError, Told, settings_schema

from ._context import CoreContext
from ._plugins import find_plugin
from ._security import CallerRequest, actor_of

__all__ = [
    "ROUTES",
    "OwnSetting",
    "SettingsChange",
    "change_settings",
    "list_own_settings",
]


class OwnSetting(Model):
    """One setting of a plugin.

    Attributes:
        value: What counts now; null for what is secret.
        given: Whether anything says it; of a secret, that there is one.
        source: What kind of place the value is from.
        place: The file or the variable; empty for the others.
        fixed: Whether it is changed there and not here.
        changed_by: Who set what is stored, last.
    """

    name: str
    value: Any
    default: Any
    given: bool
    source: Literal[
        "default", "database", "file", "environment", "command line", "program"
    ]
    place: str
    fixed: bool
    secret: bool
    about: str
    expected: str
    changed_by: str | None
    changed_at: datetime | None


class SettingsChange(Body):
    """What is to be another, all of it or nothing.

    Attributes:
        set: Values by name.
        unset: Names of those that shall be their defaults again.
    """

    set: dict[str, Any] = {}
    unset: list[str] = []


async def list_own_settings(ctx: CoreContext, plugin: str) -> list[OwnSetting]:
    """Every setting of a plugin in the order of its struct; no secret."""
    spec = _spec(ctx, plugin)
    return [_shown(each) for each in await ctx.host.settings_book.tell(plugin, spec)]


async def show_settings_schema(ctx: CoreContext, plugin: str) -> dict[str, Any]:
    """JSON Schema of a plugin's settings."""
    return settings_schema(_spec(ctx, plugin).model)


async def change_settings(
    ctx: CoreContext, request: CallerRequest, plugin: str, data: SettingsChange
) -> list[OwnSetting]:
    """Change some; they count in every process at once, without a restart."""
    spec = _spec(ctx, plugin)
    by = actor_of(request)
    await ctx.host.change_settings(plugin, spec, by, data.set, data.unset)
    return await list_own_settings(ctx, plugin)


def _spec(ctx: CoreContext, plugin: str) -> SettingsSpec:
    spec = find_plugin(ctx, plugin).specs.settings
    if spec is None:
        raise NoSettingsError(plugin)
    return spec


def _shown(one: Told) -> OwnSetting:
    return OwnSetting(
        name=one.name,
        value=one.value,
        default=one.default,
        given=one.given,
        source=one.source.kind,
        place=one.source.name,
        fixed=one.fixed,
        secret=one.secret,
        about=one.about,
        expected=one.expected,
        changed_by=one.changed_by,
        changed_at=one.changed_at,
    )


_ALL = "/api/v1/plugins/{plugin:str}/settings"
_READ, _MANAGE = "nxforge:settings:read", "nxforge:settings:manage"

ROUTES = [
    RouteSpec("GET", _ALL, list_own_settings, permission=_READ),
    RouteSpec("GET", f"{_ALL}/schema", show_settings_schema, permission=_READ),
    RouteSpec("PATCH", _ALL, change_settings, permission=_MANAGE),
]
