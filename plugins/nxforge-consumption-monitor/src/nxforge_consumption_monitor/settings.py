"""What the operator can set for the plugin."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

__all__ = ["MonitorSettings"]

_Count = Annotated[int, Meta(ge=1)]


class MonitorSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Settings in `[plugin.consumption-monitor]`.

    Attributes:
        site: Name of the site, at the head of reports.
        time_zone: IANA zone of the site: days and months of reports and of endpoints
            that name none.
        retention_days: Readings older than this are deleted weekly. Days and months
            that were computed from them stay for ever.
        attempt_retention_days: Attempts older than this are deleted weekly.
        hour_retention_days: Hours older than this are deleted weekly.
        concurrency: Endpoints that one process polls at the same time.
        interval_s: Seconds between two polls of an endpoint that names none.
        timeout_s: Seconds a poll may take for an endpoint that names none.
    """

    site: str = ""
    time_zone: str = "UTC"
    retention_days: _Count = 365
    attempt_retention_days: _Count = 90
    hour_retention_days: _Count = 1830
    concurrency: Annotated[int, Meta(ge=1, le=200)] = 20
    interval_s: Annotated[int, Meta(ge=5)] = 300
    timeout_s: Annotated[float, Meta(gt=0, le=60)] = 10.0

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.time_zone)
        except (KeyError, ValueError, OSError):
            what = f"time_zone is {self.time_zone!r}, and no zone has that name; "
            raise ValueError(what + "give one such as 'Europe/Bucharest'") from None
