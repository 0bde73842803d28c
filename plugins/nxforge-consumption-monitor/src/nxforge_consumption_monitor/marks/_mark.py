"""Taking readings out, and putting them back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

from nxforge_consumption_monitor.meter_events import (
    check_instant,
    held,
    known_channel,
)
from nxforge_consumption_monitor.restate import rehearse, restate
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store.books import (
    Marked,
    NewMark,
    StoredMark,
    count_readings_between,
    exclude_readings,
    list_marks,
    restore_readings,
)
from nxforge_core.api import Connection, InvalidInputError, PluginContext

from ._errors import NoSuchReadingError
from ._views import ExcludeBody, MarkedView, MarkView, RestoreBody

__all__ = ["exclude", "marks", "restore"]

#: Of one call: more readings are a device to be looked at, or a period mistyped.
_MOST: Final = 10_000
_MOST_LISTED: Final = 1_000

_Context = PluginContext[MonitorSettings]
_Deed = Callable[[Connection, NewMark], Awaitable[Marked]]


async def exclude(
    ctx: _Context, body: ExcludeBody, *, by: str, preview: bool = False
) -> MarkedView:
    """Say that readings are bad: they stay stored and count for nothing.

    What they explained is judged again without them, and the history from the first
    of them on is restated.

    Raises:
        UnknownEndpointError: there is no such endpoint.
        InvalidInputError: the channel is unknown, or the period is none.
        NoSuchReadingError: no reading is there that is not excluded.
    """
    return await _mark(ctx, body, exclude_readings, by=by, preview=preview)


async def restore(
    ctx: _Context, body: RestoreBody, *, by: str, preview: bool = False
) -> MarkedView:
    """Say that excluded readings are good after all: they are judged again.

    Raises:
        UnknownEndpointError: there is no such endpoint.
        InvalidInputError: the channel is unknown, or the period is none.
        NoSuchReadingError: no excluded reading is there.
    """
    return await _mark(ctx, body, restore_readings, by=by, preview=preview)


async def marks(
    ctx: _Context, endpoint_id: str, low: datetime | None, high: datetime | None
) -> list[MarkView]:
    """Readings of an endpoint that were taken out or put back, the newest deed first.

    Raises:
        UnknownEndpointError: there is no such endpoint.
    """
    async with ctx.db.transaction() as connection:
        endpoint = await held(connection, endpoint_id)
        found = await list_marks(connection, endpoint.id, (low, high), _MOST_LISTED)
    return [_view(each) for each in found]


async def _mark(
    ctx: _Context,
    body: ExcludeBody | RestoreBody,
    deed: _Deed,
    *,
    by: str,
    preview: bool,
) -> MarkedView:
    low, high = _period(body, ctx.clock.now())

    async def work(connection: Connection) -> MarkedView:
        endpoint = await held(connection, body.endpoint_id)
        await known_channel(connection, endpoint.id, body.channel)
        mark = NewMark(
            endpoint_id=endpoint.id,
            channel=body.channel,
            low=low,
            high=high,
            note=body.note,
            done_by=by,
            done_at=ctx.clock.now(),
        )
        await _bound(connection, mark)
        marked = await deed(connection, mark)
        return await _outcome(connection, mark, marked, deed, stored=not preview)

    return await rehearse(ctx.db, work, keep=not preview)


def _period(
    body: ExcludeBody | RestoreBody, now: datetime
) -> tuple[datetime, datetime]:
    low = check_instant("timestamp", body.timestamp, now)
    if body.until is None:
        return low, low
    high = check_instant("until", body.until, now)
    if high < low:
        remedy = f"give an instant not before {low.isoformat()}, or leave it out"
        raise InvalidInputError(field="until", value=high.isoformat(), remedy=remedy)
    return low, high


async def _bound(connection: Connection, mark: NewMark) -> None:
    if await count_readings_between(connection, mark, _MOST + 1) > _MOST:
        remedy = f"no more than {_MOST} readings at a time; give an earlier instant"
        value = mark.high.isoformat()
        raise InvalidInputError(field="until", value=value, remedy=remedy)


async def _outcome(
    connection: Connection, mark: NewMark, marked: Marked, deed: _Deed, *, stored: bool
) -> MarkedView:
    if marked.first is None or marked.last is None:
        period = mark.low.isoformat()
        if mark.high != mark.low:
            period += f" to {mark.high.isoformat()}"
        is_back = deed is restore_readings
        raise NoSuchReadingError(mark.channel, period, excluded=is_back)
    restated = await restate(
        connection, mark.endpoint_id, marked.first, channels=[mark.channel]
    )
    return MarkedView(
        stored=stored,
        endpoint_id=mark.endpoint_id,
        channel=mark.channel,
        readings=marked.readings,
        first=marked.first,
        last=marked.last,
        note=mark.note,
        done_by=mark.done_by,
        restated=restated,
    )


def _view(mark: StoredMark) -> MarkView:
    return MarkView(
        id=mark.id,
        endpoint_id=mark.endpoint_id,
        channel=mark.channel,
        timestamp=mark.ts,
        action=mark.action,
        register_kwh=mark.register_kwh,
        quality=mark.quality,
        reason=mark.reason,
        note=mark.note,
        done_by=mark.done_by,
        done_at=mark.done_at,
    )
