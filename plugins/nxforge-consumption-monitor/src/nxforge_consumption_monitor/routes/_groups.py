"""Groups, tariffs and bills over HTTP."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from nxforge_consumption_monitor import groups, tariffs
from nxforge_consumption_monitor.groups import GroupBody, GroupView
from nxforge_consumption_monitor.models import MonthBill
from nxforge_consumption_monitor.report import parse_month
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.tariffs import TariffBody, TariffView
from nxforge_core.api import PluginContext

from ._caller import IfMatch

__all__ = [
    "create_group",
    "create_tariff",
    "delete_group",
    "delete_tariff",
    "list_groups",
    "list_tariffs",
    "replace_group",
    "replace_tariff",
    "show_bill",
    "show_group",
    "show_tariff",
]

_Context = PluginContext[MonitorSettings]


async def list_groups(ctx: _Context) -> list[GroupView]:
    """All groups by name."""
    return await groups.groups(ctx)


async def show_group(ctx: _Context, group_id: str) -> GroupView:
    """One group."""
    return await groups.show_group(ctx, group_id)


async def create_group(ctx: _Context, data: GroupBody) -> GroupView:
    """Create a group; endpoints join it by their `groupId`."""
    return await groups.create_group(ctx, data)


async def replace_group(
    ctx: _Context, group_id: str, data: GroupBody, if_match: IfMatch = None
) -> GroupView:
    """Change a group."""
    return await groups.change_group(ctx, group_id, data, match=if_match)


async def delete_group(ctx: _Context, group_id: str, if_match: IfMatch = None) -> None:
    """Delete a group that nothing belongs to."""
    await groups.remove_group(ctx, group_id, match=if_match)


async def list_tariffs(ctx: _Context) -> list[TariffView]:
    """All tariffs by name, with their prices."""
    return await tariffs.list_tariffs(ctx.db)


async def show_tariff(ctx: _Context, tariff_id: str) -> TariffView:
    """One tariff."""
    return await tariffs.show_tariff(ctx.db, tariff_id)


async def create_tariff(ctx: _Context, data: TariffBody) -> TariffView:
    """Create a tariff; endpoints and groups are billed by it that name it."""
    return await tariffs.create_tariff(ctx.db, data)


async def replace_tariff(
    ctx: _Context, tariff_id: str, data: TariffBody, if_match: IfMatch = None
) -> TariffView:
    """Change a tariff and all its prices; what a locked month was billed by stays."""
    return await tariffs.change_tariff(ctx.db, tariff_id, data, match=if_match)


async def delete_tariff(
    ctx: _Context, tariff_id: str, if_match: IfMatch = None
) -> None:
    """Delete a tariff that nothing is billed by."""
    await tariffs.remove_tariff(ctx.db, tariff_id, match=if_match)


async def show_bill(
    ctx: _Context, subject_id: str, year: str | None = None, month: str | None = None
) -> MonthBill:
    """What a month of an endpoint or of a group costs; the id says whose."""
    zone = ZoneInfo(ctx.settings.time_zone)
    first = parse_month(year, month, ctx.clock.now().astimezone(zone))
    return await tariffs.bill_of(ctx.db, subject_id, first)
