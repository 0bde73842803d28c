"""What a caller of `alerts` asks for, from text to values. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, get_args
from zoneinfo import ZoneInfo

import msgspec

from nxforge_consumption_monitor.models import (
    AlertKind,
    AlertState,
    Severity,
    parse_endpoint_id,
    parse_instant,
)
from nxforge_consumption_monitor.store import parse_group_id
from nxforge_consumption_monitor.store.alerting import AlertFilter
from nxforge_core.api import InvalidInputError

__all__ = ["AlertsQuery", "decode_query"]

_DEFAULT_LIMIT: Final = 100
_MAX_LIMIT: Final = 1000
_MAX_DIGITS: Final = 18
_UTC: Final = ZoneInfo("UTC")


class AlertsQuery(msgspec.Struct, frozen=True, kw_only=True):
    """The query's texts as they came."""

    state: str | None = None
    kind: str | None = None
    severity: str | None = None
    endpoint_id: str | None = None
    group_id: str | None = None
    low: str | None = None
    high: str | None = None
    limit: str | None = None
    cursor: str | None = None


def decode_query(query: AlertsQuery) -> AlertFilter:
    """Read every text of a query.

    Raises:
        InvalidInputError: one of them is not what it should be; the error names it.
        UnknownItemError: an id is none.
    """
    known = query.endpoint_id
    group = query.group_id
    return AlertFilter(
        state=_one_of("state", query.state, get_args(AlertState)),
        kind=_one_of("kind", query.kind, get_args(AlertKind)),
        severity=_one_of("severity", query.severity, get_args(Severity)),
        endpoint_id=None if known is None else parse_endpoint_id(known),
        group_id=None if group is None else parse_group_id(group),
        low=_instant("from", query.low),
        high=_instant("to", query.high),
        limit=_number("limit", query.limit, _MAX_LIMIT) or _DEFAULT_LIMIT,
        before=_number("cursor", query.cursor, 10**_MAX_DIGITS),
    )


def _one_of(field: str, text: str | None, known: Sequence[str]) -> Any:
    if text is not None and text not in known:
        remedy = f"give one of {', '.join(known)}"
        raise InvalidInputError(field=field, value=text, remedy=remedy)
    return text


def _instant(field: str, text: str | None) -> datetime | None:
    return None if text is None else parse_instant(field, text, _UTC)


def _number(field: str, text: str | None, most: int) -> int | None:
    if text is None:
        return None
    fits = text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS
    if not fits or not 1 <= int(text) <= most:
        remedy = f"give a whole number from 1 to {most}"
        raise InvalidInputError(field=field, value=text, remedy=remedy)
    return int(text)
