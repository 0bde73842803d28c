"""What a caller of `readings` asks for, from text to values."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from nxforge_consumption_monitor.models import parse_instant
from nxforge_consumption_monitor.store import ReadingsFilter, RowKey
from nxforge_core.api import InvalidInputError

__all__ = ["ReadingsQuery", "decode_query", "encode_cursor"]

_DEFAULT_LIMIT: Final = 100
_MAX_LIMIT: Final = 1000
_QUALITIES: Final = frozenset(
    {"measured", "estimated", "forward_estimate", "manual", "suspect", "rejected"}
)
_TRUTH: Final = {"true": True, "1": True, "false": False, "0": False}


class ReadingsQuery(msgspec.Struct, frozen=True, kw_only=True):
    """The query's texts as they came."""

    endpoint_id: str | None = None
    low: str | None = None
    high: str | None = None
    success: str | None = None
    quality: str | None = None
    limit: str | None = None
    cursor: str | None = None


def decode_query(query: ReadingsQuery, zone: ZoneInfo) -> ReadingsFilter:
    """Read every text of a query.

    Raises:
        InvalidInputError: one of them is not what it should be; the error names it.
    """
    low = _instant("from", query.low, zone)
    high = _instant("to", query.high, zone)
    if low is not None and high is not None and high <= low:
        raise InvalidInputError(
            field="to", value=query.high, remedy="give an instant later than 'from'"
        )
    return ReadingsFilter(
        endpoint_id=_endpoint_id(query.endpoint_id),
        low=low,
        high=high,
        success=_success(query.success),
        qualities=_qualities(query.quality),
        limit=_limit(query.limit),
        after=_cursor(query.cursor),
    )


def encode_cursor(key: RowKey) -> str:
    """Where the next page begins, as opaque text."""
    return base64.urlsafe_b64encode(msgspec.json.encode(key)).decode().rstrip("=")


def _endpoint_id(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        return str(UUID(text))
    except ValueError as error:
        raise InvalidInputError(
            field="endpointId", value=text, remedy="give the id of an endpoint, a UUID"
        ) from error


def _instant(field: str, text: str | None, zone: ZoneInfo) -> datetime | None:
    return None if text is None else parse_instant(field, text, zone)


def _success(text: str | None) -> bool | None:
    if text is None:
        return None
    if text.lower() not in _TRUTH:
        raise InvalidInputError(
            field="success", value=text, remedy="give true or false"
        )
    return _TRUTH[text.lower()]


def _qualities(text: str | None) -> list[str] | None:
    if text is None:
        return None
    found = text.split(",")
    if not _QUALITIES.issuperset(found):
        raise InvalidInputError(
            field="quality",
            value=text,
            remedy=f"give one or more of {', '.join(sorted(_QUALITIES))}",
        )
    return found


def _limit(text: str | None) -> int:
    if text is None:
        return _DEFAULT_LIMIT
    fits = text.isascii() and text.isdigit() and len(text) <= len(str(_MAX_LIMIT))
    if not fits or not 1 <= int(text) <= _MAX_LIMIT:
        raise InvalidInputError(
            field="limit",
            value=text,
            remedy=f"give a whole number from 1 to {_MAX_LIMIT}",
        )
    return int(text)


def _cursor(text: str | None) -> RowKey | None:
    if text is None:
        return None
    try:
        padded = text + "=" * (-len(text) % 4)
        key = msgspec.json.decode(base64.urlsafe_b64decode(padded), type=RowKey)
        return RowKey(key.ts.astimezone(UTC), str(UUID(key.endpoint_id)), key.channel)
    except (ValueError, OverflowError, msgspec.DecodeError) as error:
        remedy = "give meta.nextCursor of the page before, unchanged"
        raise InvalidInputError(field="cursor", value=text, remedy=remedy) from error
