"""When a reading was taken: by the device's own clock where it can be believed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from nxforge_consumption_monitor.models import DueEndpoint

__all__ = ["Instant", "instant_of"]

#: A device's clock may differ by so much from ours.
_TOLERANCE: Final = timedelta(seconds=120)


class Instant(msgspec.Struct, frozen=True, kw_only=True):
    """When a reading was taken.

    Attributes:
        ts: That instant, UTC.
        source: Whose clock it is from: `device` or `poll`.
        device_ts: What the device's clock said, UTC; None where it says nothing.
        believed: The latest time of the device's clock that could be true.
        skewed: Its clock is wrong.
        repeated: The device answered with the reading of an earlier poll.
    """

    ts: datetime
    source: str = "poll"
    device_ts: datetime | None = None
    believed: datetime | None = None
    skewed: bool = False
    repeated: bool = False


def instant_of(
    endpoint: DueEndpoint, arrived: datetime, device_time: datetime | None
) -> Instant:
    """Decide when the values of an answer were true.

    Args:
        endpoint: With what is known of its clock.
        arrived: When the answer was there.
        device_time: Of the device; without an offset it is that of the endpoint's
            zone, in the hour that comes twice the nearer one.
    """
    if device_time is None:
        # No clock in this answer says nothing about the clock.
        return Instant(
            ts=arrived, believed=endpoint.device_ts, skewed=endpoint.clock_skewed
        )
    said = _in_utc(device_time, endpoint.tz, arrived)
    if said == endpoint.device_ts:
        return Instant(ts=said, device_ts=said, believed=said, repeated=True)
    if abs(arrived - said) > _TOLERANCE:
        return Instant(
            ts=arrived, device_ts=said, believed=endpoint.device_ts, skewed=True
        )
    return Instant(ts=said, source="device", device_ts=said, believed=said)


def _in_utc(device_time: datetime, tz: str, arrived: datetime) -> datetime:
    if device_time.tzinfo is not None:
        return device_time.astimezone(UTC)
    zone = ZoneInfo(tz)
    both = (device_time.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    return min(
        (each.astimezone(UTC) for each in both), key=lambda at: abs(at - arrived)
    )
