"""Live values: the kept latest ones, with today and this month from the registers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from nxforge_consumption_monitor.models import (
    LastReading,
    Live,
    LiveAnswer,
    LiveEndpoint,
    State,
    Status,
    watts,
)
from nxforge_consumption_monitor.register import span_at
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store import LiveChannel, live_channels
from nxforge_core.api import PluginContext

from ._group import find_group
from ._live_sums import live_summary

__all__ = ["live", "live_endpoints", "live_until"]

_FRESH_INTERVALS: Final = 2
_STALE_INTERVALS: Final = 6


async def live(
    ctx: PluginContext[MonitorSettings], group_id: str | None = None
) -> LiveAnswer:
    """Latest values of every endpoint that is not archived, or of a group's; and sums.

    Raises:
        UnknownGroupError: there is no such group.
    """
    group = None if group_id is None else await find_group(ctx, group_id)
    answer, _ = await live_until(ctx, group.id if group else None)
    return answer


async def live_until(
    ctx: PluginContext[MonitorSettings], group_id: str | None = None
) -> tuple[LiveAnswer, datetime]:
    """The answer, and the instant at which one of its states or days ends by itself."""
    now = ctx.clock.now()
    channels = await live_channels(ctx.db, now)
    if group_id is not None:
        channels = [each for each in channels if each.group_id == group_id]
    endpoints = [_endpoint(channel, now) for channel in channels]
    data = Live(endpoints=endpoints, summary=live_summary(endpoints, channels))
    return LiveAnswer(data=data, timestamp=now), _until(channels, now)


async def live_endpoints(ctx: PluginContext[MonitorSettings]) -> list[LiveEndpoint]:
    """Latest values of every endpoint that is not archived, by name."""
    return (await live(ctx)).data.endpoints


def _until(channels: Sequence[LiveChannel], now: datetime) -> datetime:
    zones = {each.tz for each in channels}
    ends = [span_at("day", now, ZoneInfo(zone)).end for zone in zones]
    ends += [_state_end(each.ts, each.interval_s, now) for each in channels if each.ts]
    return min((end for end in ends if end > now), default=now + timedelta(hours=1))


def _state_end(ts: datetime, interval_s: int, now: datetime) -> datetime:
    fresh = ts + timedelta(seconds=_FRESH_INTERVALS * interval_s)
    if fresh > now:
        return fresh
    return ts + timedelta(seconds=_STALE_INTERVALS * interval_s)


def _endpoint(channel: LiveChannel, now: datetime) -> LiveEndpoint:
    age = None if channel.ts is None else (now - channel.ts).total_seconds()
    state = _state(age, channel.interval_s)
    return LiveEndpoint(
        id=channel.id,
        name=channel.name,
        client_name=channel.client_name,
        location=channel.location,
        enabled=channel.enabled,
        last_reading=_last_reading(channel),
        status=_status(channel, state),
        kind=channel.kind,
        type=channel.type,
        interval_s=channel.interval_s,
        power_kw=channel.power_kw,
        register_kwh=channel.register_kwh,
        today_kwh=channel.today_kwh,
        month_kwh=channel.month_kwh,
        age_s=None if age is None else round(age, 1),
        state=state,
        quality=channel.quality,
        error=channel.error,
        group_id=channel.group_id,
        breaker_percent=channel.breaker_percent,
    )


def _last_reading(channel: LiveChannel) -> LastReading | None:
    if channel.ts is None:
        return None
    return LastReading(
        timestamp=channel.ts,
        total_kwh=channel.register_kwh,
        current_kwh=channel.month_kwh,
        voltage=channel.voltage,
        current=channel.current_a,
        power=watts(channel.power_kw),
        power_factor=channel.power_factor,
    )


def _state(age: float | None, interval_s: int) -> State:
    if age is None or age > _STALE_INTERVALS * interval_s:
        return "offline"
    return "fresh" if age <= _FRESH_INTERVALS * interval_s else "stale"


def _status(channel: LiveChannel, state: State) -> Status:
    if channel.outcome not in {None, "ok"}:
        return "error"
    return "offline" if state == "offline" else "online"
