"""What the world is told of readings, and a stream of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from nxforge_consumption_monitor.report import LiveNow, live_changes
from nxforge_consumption_monitor.store import UnknownGroupError
from nxforge_core.api import Event, EventStream


def _told(monitor: Any) -> list[Any]:
    return [
        data for name, data in monitor.events.published if name.startswith("metric")
    ]


def _event(data: dict[str, Any], at: Any) -> Event:
    return Event(id="1", name="metric.collected", source="x", at=at, data=data)


async def test_stored_reading_is_told_with_the_members_of_the_original(
    monitor: Any,
) -> None:
    """Register, energy of the month, power and the instant, of good polls only."""
    first = await monitor.add("a")
    await monitor.add("broken")
    monitor.show("a", "100.5", "1.5")
    monitor.http.serve("http://meter.test/broken", "oops", "text/plain", 500)
    await monitor.round()
    stored = monitor.clock.now()
    monitor.clock.pass_by(minutes=5)
    monitor.show("a", "100.75", "2")
    await monitor.round()

    one, two = _told(monitor)
    assert one == {
        "source": "consumption-monitor",
        "type": "consumption",
        "endpointId": first.id,
        "endpointName": "a",
        "groupId": None,
        "channel": "total",
        "totalKwh": "100.5",
        "currentKwh": None,
        "power": "1500",
        "voltage": None,
        "current": None,
        "quality": "measured",
        "timestamp": one["timestamp"],
    }
    assert msgspec.convert(one["timestamp"], type(stored)) == stored
    assert Decimal(two["totalKwh"]) - Decimal(one["totalKwh"]) == Decimal("0.25")
    assert two["currentKwh"] == "0.25"
    assert two["power"] == "2000"


async def test_poll_that_another_run_stored_is_not_told_twice(monitor: Any) -> None:
    """Only who writes a reading tells of it."""
    await monitor.add("a")
    monitor.show("a", "1")
    slot = monitor.clock.now()
    await monitor.round(slot)
    await monitor.round(slot)

    assert len(_told(monitor)) == 1


async def test_stream_begins_with_what_is_known(monitor: Any) -> None:
    """A new consumer needs no second request; later it is told every reading."""
    await monitor.add("a")
    monitor.show("a", "7.5")
    await monitor.round()

    stream = await live_changes(monitor.ctx)

    assert isinstance(stream, EventStream)
    assert stream.names == ("metric.collected",)
    assert stream.keep is None
    assert isinstance(stream.first, LiveNow)
    [endpoint] = stream.first.endpoints
    assert (endpoint.name, endpoint.register_kwh) == ("a", Decimal("7.5"))


async def test_stream_of_a_group_leaves_the_others_out(monitor: Any) -> None:
    """At the beginning and for every reading; nobody has a group that is not there."""
    group = uuid4()
    await monitor.pool.execute(
        "insert into endpoint_group (id, name, kind, tz) "
        "values ($1, 'Rack 1', 'rack', 'UTC')",
        group,
    )
    await monitor.add("inside", group_id=str(group))
    await monitor.add("outside")
    for name in ("inside", "outside"):
        monitor.show(name, "5")
    await monitor.round()

    stream = await live_changes(monitor.ctx, str(group))

    assert stream.keep is not None
    assert isinstance(stream.first, LiveNow)
    assert [each.name for each in stream.first.endpoints] == ["inside"]
    kept = [
        data["endpointName"]
        for data in _told(monitor)
        if stream.keep(_event(data, monitor.clock.now()))
    ]
    assert kept == ["inside"]
    with pytest.raises(UnknownGroupError):
        await live_changes(monitor.ctx, str(uuid4()))
    with pytest.raises(UnknownGroupError):
        await live_changes(monitor.ctx, "rack-1")
