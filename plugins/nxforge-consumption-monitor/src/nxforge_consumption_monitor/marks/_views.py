"""Readings that are taken out or put back, on the wire."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from msgspec import Meta

from nxforge_consumption_monitor.restate import Restatement
from nxforge_core.api import Body, Model

__all__ = ["ExcludeBody", "MarkView", "MarkedView", "RestoreBody"]


class RestoreBody(Body):
    """Readings to put back.

    Attributes:
        timestamp: Of the reading, as `GET /readings` tells it.
        until: Of the last one, where there are several; null: it is one.
        note: Why.
    """

    endpoint_id: str
    timestamp: datetime
    until: datetime | None = None
    channel: Annotated[str, Meta(pattern="^[a-z0-9_]{1,32}$")] = "total"
    note: Annotated[str, Meta(max_length=500)] = ""


class ExcludeBody(Body):
    """Readings to take out.

    Attributes:
        timestamp: Of the reading, as `GET /readings` tells it.
        until: Of the last one, where there are several; null: it is one.
        note: Why; it is kept.
    """

    endpoint_id: str
    timestamp: datetime
    note: Annotated[str, Meta(min_length=1, max_length=500)]
    until: datetime | None = None
    channel: Annotated[str, Meta(pattern="^[a-z0-9_]{1,32}$")] = "total"


class MarkedView(Model):
    """What was taken out or put back, or as a preview would be.

    Attributes:
        readings: How many of them.
        first: Of them, as `last` is.
        restated: Days and months with another energy, before and after.
    """

    stored: bool
    endpoint_id: str
    channel: str
    readings: int
    first: datetime
    last: datetime
    note: str
    done_by: str
    restated: Restatement


class MarkView(Model):
    """One reading that was taken out or put back.

    Attributes:
        action: `exclude` or `restore`.
        quality: Of the reading before, as `reason` is.
    """

    id: int
    endpoint_id: str
    channel: str
    timestamp: datetime
    action: str
    register_kwh: Decimal | None
    quality: str
    reason: str
    note: str
    done_by: str
    done_at: datetime
