"""What forms let people choose from, by names they know."""

from __future__ import annotations

from nxforge_consumption_monitor import endpoints
from nxforge_consumption_monitor.groups import groups
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.tariffs import list_tariffs
from nxforge_core.api import PluginContext, load_texts

__all__ = ["group_choices", "meter_choices", "tariff_choices"]

say = load_texts(__package__)

_Context = PluginContext[MonitorSettings]

Choices = list[tuple[str, str]]


async def group_choices(ctx: _Context) -> Choices:
    """Groups, and none."""
    return [
        ("", say("no group")),
        *((each.id, each.name) for each in await groups(ctx)),
    ]


async def tariff_choices(ctx: _Context) -> Choices:
    """Tariffs, and none."""
    known = await list_tariffs(ctx.db)
    return [
        ("", say("no tariff of its own")),
        *((each.id, each.name) for each in known),
    ]


async def meter_choices(ctx: _Context) -> Choices:
    """Endpoints that are not archived."""
    return [(each.id, each.name) for each in await endpoints.list_all(ctx)]
