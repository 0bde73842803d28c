"""What the world is told of a poll that was stored."""

from __future__ import annotations

from typing import Final

from nxforge_consumption_monitor.models import (
    Collected,
    DueEndpoint,
    Verdict,
    plain,
    watts,
)

__all__ = ["collected"]

_TOTAL: Final = "total"
_SOURCE: Final = "consumption-monitor"
_TYPE: Final = "consumption"


def collected(endpoint: DueEndpoint, verdict: Verdict) -> Collected | None:
    """The reading of the whole device; None where the poll brought none."""
    if not verdict.channels:
        return None
    first = verdict.channels[0]
    row = next((each for each in verdict.channels if each.channel == _TOTAL), first)
    return Collected(
        source=_SOURCE,
        type=_TYPE,
        endpoint_id=endpoint.id,
        endpoint_name=endpoint.name,
        group_id=endpoint.group_id,
        channel=row.channel,
        total_kwh=plain(row.register_kwh),
        current_kwh=plain(verdict.months_kwh.get(row.channel)),
        power=watts(row.power_kw),
        voltage=plain(row.voltage),
        current=plain(row.current_a),
        quality=row.quality,
        timestamp=row.ts,
    )
