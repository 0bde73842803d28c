"""What a step says beside the total: about readings before it, and to a person."""

from __future__ import annotations

from typing import Final

from nxforge_consumption_monitor.models import EventRow, Mend
from nxforge_consumption_monitor.register import Change, Label, Point, Revision, Step

__all__ = ["events_of", "mends_of", "reason_of"]

#: Labels that say nothing a reader needs.
_PLAIN: Final = frozenset({"first", "ok"})


def reason_of(label: Label) -> str:
    """Why a reading is worth what it is worth; empty for an ordinary one."""
    return "" if label in _PLAIN else label


def events_of(endpoint_id: str, channel: str, change: Step) -> tuple[EventRow, ...]:
    """Breaks to propose."""
    return tuple(
        EventRow(
            endpoint_id=endpoint_id,
            channel=channel,
            ts=event.ts,
            type=event.type,
            old_kwh=event.old_kwh,
            new_kwh=event.new_kwh,
        )
        for event in change.events
    )


def mends_of(endpoint_id: str, channel: str, change: Change) -> tuple[Mend, ...]:
    """What becomes of suspect readings that are stored already."""
    return tuple(
        _mend(endpoint_id, channel, revision, change.points)
        for revision in change.revisions
    )


def _mend(
    endpoint_id: str, channel: str, revision: Revision, points: tuple[Point, ...]
) -> Mend:
    within = [point for point in points if revision.since <= point.ts <= revision.until]
    good = within if revision.quality == "measured" else []
    return Mend(
        endpoint_id=endpoint_id,
        channel=channel,
        since=revision.since,
        until=revision.until,
        quality=revision.quality,
        reason=revision.label,
        total_ts=good[0].ts if good else None,
        total_kwh=good[0].total_kwh if good else None,
    )
