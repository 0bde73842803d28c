"""What an admin can set."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

__all__ = ["TemperatureSettings"]


class TemperatureSettings(msgspec.Struct, frozen=True):
    """Settings of the plugin.

    Attributes:
        retention_days: How long each reading is kept.
        rollup_days: How long minima, maxima and means are kept.
        time_zone: IANA zone of the site, where days begin.
        concurrency: How many sensors are asked at a time.
        timeout_s: Seconds that a sensor has to answer.
    """

    retention_days: Annotated[int, Meta(ge=1)] = 365
    rollup_days: Annotated[int, Meta(ge=1)] = 3650
    time_zone: str = "UTC"
    concurrency: Annotated[int, Meta(ge=1, le=100)] = 10
    timeout_s: Annotated[float, Meta(ge=1, le=60)] = 10.0

    def __post_init__(self) -> None:
        """Refuse a zone that nobody knows."""
        try:
            ZoneInfo(self.time_zone)
        except (KeyError, ValueError, OSError):
            what = f"time_zone is {self.time_zone!r}, and no zone has that name; "
            raise ValueError(what + "give one such as 'Europe/Bucharest'") from None
