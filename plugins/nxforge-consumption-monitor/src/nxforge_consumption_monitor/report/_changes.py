"""Live values as they change."""

from __future__ import annotations

from nxforge_consumption_monitor.models import COLLECTED, LiveEndpoint
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store import group_members
from nxforge_core.api import Event, EventStream, Model, PluginContext

from ._group import find_group
from ._live import live_endpoints

__all__ = ["LiveNow", "live_changes"]


class LiveNow(Model):
    """Where a stream of changes begins."""

    endpoints: list[LiveEndpoint]


async def live_changes(
    ctx: PluginContext[MonitorSettings], group_id: str | None = None
) -> EventStream:
    """Every reading as it is stored, beginning with what is known now.

    Args:
        ctx: Of a request.
        group_id: Only endpoints of this group.

    Raises:
        UnknownItemError: there is no such group.
    """
    endpoints = await live_endpoints(ctx)
    if group_id is None:
        return EventStream(names=(COLLECTED,), first=LiveNow(endpoints=endpoints))
    group = await find_group(ctx, group_id)
    members = {member.id for member in await group_members(ctx.db, group.id)}
    own = [each for each in endpoints if each.id in members]

    def keep(event: Event) -> bool:
        # Of the moment of the reading: an endpoint may change its group meanwhile.
        return bool(event.data["groupId"] == group.id)

    return EventStream(names=(COLLECTED,), first=LiveNow(endpoints=own), keep=keep)
