"""What a caller of `series` asks for, from text to values."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final, get_args
from zoneinfo import ZoneInfo

import msgspec

from nxforge_consumption_monitor.models import (
    PowerMethod,
    SeriesGrain,
    parse_endpoint_id,
    parse_span,
)
from nxforge_consumption_monitor.register import Span
from nxforge_consumption_monitor.store import parse_group_id
from nxforge_core.api import InvalidInputError

__all__ = ["Asked", "SeriesQuery", "decode_series"]

_FIELDS: Final = frozenset({"power", "energy"})
_CHANNEL: Final = re.compile(r"[a-z0-9_]{1,32}\Z")
_DEFAULT_POINTS: Final = 800
_MOST_POINTS: Final = 5000
_LEAST_POINTS: Final = 3
_DAY: Final = timedelta(days=1)
_QUARTER: Final = timedelta(minutes=15)
#: Quarters of an hour are computed from readings: not for longer than this.
_MOST_QUARTERS: Final = timedelta(days=8)
_LENGTHS: Final[dict[SeriesGrain, timedelta]] = {
    "15m": _QUARTER,
    "hour": timedelta(hours=1),
    "day": _DAY,
    "month": timedelta(days=30),
}


class SeriesQuery(msgspec.Struct, frozen=True, kw_only=True):
    """The query's texts as they came."""

    endpoint_ids: list[str] | None = None
    group: str | None = None
    low: str | None = None
    high: str | None = None
    grain: str = "auto"
    points: str | None = None
    fields: str = "power,energy"
    power: str = "auto"
    channel: str = "total"


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What is wanted.

    Attributes:
        method: Of power; None for the one that fits.
    """

    endpoint_ids: list[str] | None
    group_id: str | None
    span: Span
    grain: SeriesGrain
    points: int
    fields: frozenset[str]
    method: PowerMethod | None
    channel: str


def decode_series(query: SeriesQuery, now: datetime, zone: ZoneInfo) -> Asked:
    """Read every text of a query; by default the last day.

    Raises:
        InvalidInputError: one of them is not what it should be; the error names it.
        UnknownItemError: an id is none.
    """
    ids = [parse_endpoint_id(text) for text in query.endpoint_ids or []]
    group = None if query.group is None else parse_group_id(query.group)
    if not ids and group is None:
        raise InvalidInputError(
            field="endpointId", value=None, remedy="name an endpoint, or a group"
        )
    span = parse_span(query.low, query.high, now, zone)
    points = _points(query.points)
    return Asked(
        endpoint_ids=ids or None,
        group_id=group,
        span=span,
        grain=_grain(query.grain, span, points),
        points=points,
        fields=_fields(query.fields),
        method=_method(query.power),
        channel=_channel(query.channel),
    )


def _points(text: str | None) -> int:
    if text is None:
        return _DEFAULT_POINTS
    fits = text.isascii() and text.isdigit() and len(text) <= len(str(_MOST_POINTS))
    if not fits or not _LEAST_POINTS <= int(text) <= _MOST_POINTS:
        raise InvalidInputError(
            field="points",
            value=text,
            remedy=f"give a whole number from {_LEAST_POINTS} to {_MOST_POINTS}",
        )
    return int(text)


def _grain(text: str, span: Span, points: int) -> SeriesGrain:
    """The one named, or the finest of which there are no more than `points`."""
    length = span.end - span.start
    if text == "auto":
        fitting: list[SeriesGrain] = [
            grain
            for grain, each in _LENGTHS.items()
            if length <= points * each and (grain != "15m" or length <= _MOST_QUARTERS)
        ]
        return fitting[0] if fitting else "month"
    for grain in get_args(SeriesGrain):
        if text == grain:
            return _checked(grain, length)
    raise InvalidInputError(
        field="grain", value=text, remedy="give auto, 15m, hour, day or month"
    )


def _checked(grain: SeriesGrain, length: timedelta) -> SeriesGrain:
    most = _MOST_QUARTERS if grain == "15m" else _MOST_POINTS * _LENGTHS[grain]
    if length > most:
        raise InvalidInputError(
            field="grain",
            value=grain,
            remedy=f"ask for {most.days} days of it at the most, or a coarser one",
        )
    return grain


def _fields(text: str) -> frozenset[str]:
    found = frozenset(text.split(","))
    if not found <= _FIELDS:
        raise InvalidInputError(
            field="fields", value=text, remedy="give power, energy, or power,energy"
        )
    return found


def _method(text: str) -> PowerMethod | None:
    for method in get_args(PowerMethod):
        if text == method:
            return method  # type: ignore[no-any-return]  # one of the literals themselves
    if text == "auto":
        return None
    raise InvalidInputError(
        field="power", value=text, remedy="give auto, lttb or minmax"
    )


def _channel(text: str) -> str:
    if _CHANNEL.match(text) is None:
        raise InvalidInputError(
            field="channel", value=text, remedy="give a name such as total or feed_a"
        )
    return text
