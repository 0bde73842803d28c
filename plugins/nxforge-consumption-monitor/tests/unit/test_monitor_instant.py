"""When a reading was taken, by which clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from nxforge_consumption_monitor.collect import instant_of
from nxforge_consumption_monitor.models import DueEndpoint

_ARRIVED = datetime(2025, 10, 26, 0, 30, 2, tzinfo=UTC)


def _endpoint(**members: Any) -> DueEndpoint:
    nothing: dict[str, Any] = dict.fromkeys(DueEndpoint.__struct_fields__)
    known = {"tz": "Europe/Bucharest", "device_ts": None, "clock_skewed": False}
    return DueEndpoint(**nothing | known | members)


def test_poll_time_counts_when_the_device_tells_none() -> None:
    """Without a clock in the answer nothing is said about the clock."""
    instant = instant_of(_endpoint(clock_skewed=True), _ARRIVED, None)
    assert (instant.ts, instant.source) == (_ARRIVED, "poll")
    assert instant.skewed
    assert not instant.repeated


@pytest.mark.parametrize("seconds", [-120, -3, 0, 120])
def test_device_time_counts_when_it_is_near(seconds: int) -> None:
    """Up to two minutes apart the device knows better when it measured."""
    said = _ARRIVED + timedelta(seconds=seconds)
    instant = instant_of(_endpoint(clock_skewed=True), _ARRIVED, said)
    assert (instant.ts, instant.source) == (said, "device")
    assert instant.believed == said
    assert not instant.skewed


@pytest.mark.parametrize("seconds", [-121, 121, -86_400])
def test_device_time_is_not_believed_when_it_is_far_off(seconds: int) -> None:
    """Then the poll's time counts and the clock is called wrong."""
    said = _ARRIVED + timedelta(seconds=seconds)
    instant = instant_of(_endpoint(), _ARRIVED, said)
    assert (instant.ts, instant.source) == (_ARRIVED, "poll")
    assert instant.skewed
    assert (instant.device_ts, instant.believed) == (said, None)


def test_device_time_seen_before_is_a_repeated_reading() -> None:
    """A device that answers from its cache gives no new reading, however old it is."""
    said = _ARRIVED - timedelta(minutes=10)
    instant = instant_of(_endpoint(device_ts=said), _ARRIVED, said)
    assert instant.repeated
    assert instant.believed == said


def test_wrong_clock_that_stands_still_repeats_nothing() -> None:
    """A time that was never believed cannot tell an old reading from a new one."""
    said = datetime(1970, 1, 1, tzinfo=UTC)
    instant = instant_of(_endpoint(clock_skewed=True), _ARRIVED, said)
    assert not instant.repeated
    assert instant.skewed


@pytest.mark.parametrize(
    ("arrived", "expected"),
    [
        (_ARRIVED, datetime(2025, 10, 26, 0, 30, tzinfo=UTC)),
        (_ARRIVED + timedelta(hours=1), datetime(2025, 10, 26, 1, 30, tzinfo=UTC)),
    ],
)
def test_local_time_of_the_repeated_hour_is_the_one_near_the_poll(
    arrived: datetime, expected: datetime
) -> None:
    """03:30 comes twice in Bucharest that night; the poll tells which one it is."""
    local = datetime(2025, 10, 26, 3, 30)  # noqa: DTZ001 - a device without offset
    assert instant_of(_endpoint(), arrived, local).ts == expected


def test_device_time_is_kept_in_utc() -> None:
    """Whatever offset the device gives."""
    said = msgspec.convert("2025-10-26T03:30:00+03:00", datetime)
    instant = instant_of(_endpoint(), _ARRIVED, said)
    assert instant.ts == datetime(2025, 10, 26, 0, 30, tzinfo=UTC)
    assert instant.ts.tzinfo is UTC
