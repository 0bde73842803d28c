"""Live sums: of all endpoints, of each group, and of A and B feeds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache

from nxforge_consumption_monitor.models import (
    LiveEndpoint,
    LiveFeeds,
    LiveGroup,
    LiveSummary,
    plain,
)
from nxforge_consumption_monitor.store import LiveChannel

from ._notes import feed_of, sums_of_feeds

__all__ = ["live_summary"]

_ZERO = Decimal(0)


def live_summary(
    endpoints: Sequence[LiveEndpoint], channels: Sequence[LiveChannel]
) -> LiveSummary:
    """The sums of endpoints, given with what they were made of, in the same order."""
    pairs = [pair for pair in zip(endpoints, channels, strict=True) if pair[0].enabled]
    enabled = [endpoint for endpoint, _ in pairs]
    powers = _powers(enabled)
    return LiveSummary(
        total_endpoints=len(endpoints),
        active_endpoints=sum(each.status == "online" for each in enabled),
        total_kwh=plain(_sum(each.register_kwh for each in enabled)),
        monthly_consumption=plain(_sum(each.month_kwh for each in enabled)),
        total_power_kw=plain(_sum(powers)) if powers else None,
        groups=_groups(pairs),
        feeds=_feeds(pairs),
    )


def _groups(pairs: Iterable[tuple[LiveEndpoint, LiveChannel]]) -> list[LiveGroup]:
    members: dict[tuple[str, str], list[tuple[LiveEndpoint, LiveChannel]]] = {}
    for endpoint, channel in pairs:
        if channel.group_id is not None and channel.group_name is not None:
            key = channel.group_name, channel.group_id
            members.setdefault(key, []).append((endpoint, channel))
    return [
        _group(group_id, name, own) for (name, group_id), own in sorted(members.items())
    ]


def _group(
    group_id: str, name: str, pairs: Sequence[tuple[LiveEndpoint, LiveChannel]]
) -> LiveGroup:
    own = [endpoint for endpoint, _ in pairs]
    powers = _powers(own)
    return LiveGroup(
        group_id=group_id,
        group_name=name,
        power_kw=plain(_sum(powers)) if powers else None,
        today_kwh=plain(_sum(each.today_kwh for each in own)),
        month_kwh=plain(_sum(each.month_kwh for each in own)),
        missing=[each.name for each in own if _power(each) is None],
        feeds=_feeds(pairs),
    )


def _feeds(pairs: Iterable[tuple[LiveEndpoint, LiveChannel]]) -> LiveFeeds | None:
    found = sums_of_feeds(
        (_feed(channel.external_ref), _power(endpoint)) for endpoint, channel in pairs
    )
    if found is None:
        return None
    return LiveFeeds(a_kw=found.a_kwh, b_kw=found.b_kwh, both_kw=found.both_kwh)


@lru_cache(4096)
def _feed(external_ref: str | None) -> str | None:
    return feed_of("total", external_ref)


def _powers(endpoints: Iterable[LiveEndpoint]) -> list[Decimal]:
    return [power for each in endpoints if (power := _power(each)) is not None]


def _power(endpoint: LiveEndpoint) -> Decimal | None:
    # What was drawn when it was last heard of is not what is drawn now.
    return endpoint.power_kw if endpoint.status == "online" else None


def _sum(values: Iterable[Decimal | None]) -> Decimal:
    return sum((value for value in values if value is not None), _ZERO)
