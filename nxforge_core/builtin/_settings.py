"""What the host is told, where each value is from, and what the next start finds."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Final, Literal

from nxforge_core.api import (
    Model,
    RouteSpec,
    SettingsSpec,
    Success,
    UnavailableError,
)
from nxforge_core.settings import Explained, Pending, explain, pending, to_toml

from ._context import CoreContext
from ._files import TomlFile

__all__ = [
    "ROUTES",
    "Setting",
    "StoredPart",
    "list_settings",
    "list_storage",
    "specs_of",
]

_DAY: Final = 86_400
#: Days before which empty tables are most of what there is.
_WEEK: Final = 7


class Setting(Model):
    """One setting.

    Attributes:
        section: Table of the settings file it stands in; `general` where in none.
        value: As JSON, `***` for what is secret, `not set` for nothing.
        default: Likewise.
        source: What kind of place the value is from.
        place: The file or the variable; empty for the others.
        about: What it is for.
        expected: What a value looks like.
        after_restart: The value that the next start will find, where it differs.
    """

    key: str
    section: str
    value: str
    default: str
    source: Literal[
        "default", "database", "file", "environment", "command line", "program"
    ]
    place: str
    about: str
    expected: str
    secret: bool
    after_restart: str | None


class SettingsAnswer(Success[list[Setting]]):
    """All settings.

    Attributes:
        file: The settings file that was read.
        problem: Why the host could not start with what there is now.
    """

    # Of an inherited member the OpenAPI document would not know the type.
    data: list[Setting]
    file: str | None
    problem: str | None
    remedy: str | None


class StoredPart(Model):
    """Room that something takes in the database.

    Attributes:
        size: In bytes, indexes included.
        oldest: When the oldest of it is from.
        daily: By so many bytes it grows in a day; null while that is too early to say.
        keep_days: After so many days the host deletes it; null where it deletes
            nothing of it, as of what plugins delete themselves.
    """

    what: Literal["runs", "audit", "plugin", "rest"]
    plugin: str | None
    size: int
    oldest: datetime | None
    daily: float | None
    keep_days: int | None


async def list_settings(ctx: CoreContext) -> SettingsAnswer:
    """Every setting of the host and of its plugins; secrets are shown to nobody."""
    loaded = ctx.host.loaded
    later = await asyncio.to_thread(pending, loaded)
    specs = specs_of(ctx)
    models = {plugin: spec.model for plugin, spec in specs.items()}
    # With the database away the page still says what the host was told.
    with suppress(UnavailableError):
        loaded = await ctx.host.settings_book.layers(specs)
    return SettingsAnswer(
        data=[_setting(each, later) for each in explain(loaded, models)],
        file=str(loaded.file) if loaded.file else None,
        problem=later.problem or None,
        remedy=later.remedy or None,
    )


async def export_settings(ctx: CoreContext) -> TomlFile:
    """What differs from the defaults as a settings file, without secrets.

    What is stored of plugins' settings is in it, so that another host can be like this.
    """
    headers = {
        "content-disposition": 'attachment; filename="nxforge.toml"',
        "cache-control": "no-store",
    }
    content = to_toml(await ctx.host.settings_book.layers(specs_of(ctx)))
    return TomlFile(content, media_type="application/toml", headers=headers)


async def list_storage(ctx: CoreContext) -> list[StoredPart]:
    """What takes room in the database and how it grows, the largest first."""
    now, longest = ctx.clock.now(), await _longest(ctx)
    found = []
    for each in await ctx.host.storage():
        days = (now - each.oldest).total_seconds() / _DAY if each.oldest else 0.0
        found.append(
            StoredPart(
                what=each.what,
                plugin=each.plugin,
                size=each.size,
                oldest=each.oldest,
                daily=each.size / days if days >= _WEEK else None,
                keep_days=longest if each.what == "runs" else None,
            )
        )
    return found


async def _longest(ctx: CoreContext) -> int:
    """Days that the most patient of all jobs keeps its runs."""
    jobs = await ctx.host.plans.find_all()
    return max((each.spec.keep_days for each in jobs), default=0)


def specs_of(ctx: CoreContext) -> Mapping[str, SettingsSpec]:
    """What running plugins say of their settings."""
    return {
        plugin.id: plugin.specs.settings
        for plugin in ctx.host.plugins()
        if plugin.specs.settings is not None
    }


def _setting(one: Explained, later: Pending) -> Setting:
    return Setting(
        key=one.key,
        section=one.section,
        value=one.value,
        default=one.default,
        source=one.source.kind,
        place=one.source.name,
        about=one.about,
        expected=one.expected,
        secret=one.secret,
        after_restart=later.values.get(one.key),
    )


_READ = "nxforge:settings:read"

ROUTES = [
    RouteSpec("GET", "/api/v1/settings", list_settings, permission=_READ),
    RouteSpec(
        "GET", "/api/v1/settings/nxforge.toml", export_settings, permission=_READ
    ),
    RouteSpec("GET", "/api/v1/storage", list_storage, permission=_READ),
]
