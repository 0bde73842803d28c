"""Readings, rollups and alerts on a real PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from nxforge_core.api import InvalidInputError, NoParams, UnknownItemError
from nxforge_core.database import Pool, ServerAddress, migrate
from nxforge_temperature_monitor import routes
from nxforge_temperature_monitor.collect import clean_up
from nxforge_temperature_monitor.models import NewReading, NewSensor, SensorBody
from nxforge_temperature_monitor.routes import newest_readings, store_reading
from nxforge_temperature_monitor.sensors import SensorExistsError
from nxforge_temperature_monitor.settings import TemperatureSettings

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


async def measure(bench: Any, *values: str, sensor: str = "room") -> None:
    """Temperatures that a sensor sends, a minute apart."""
    for value in values:
        bench.later(minutes=1)
        await store_reading(bench, NewReading(sensor=sensor, celsius=Decimal(value)))


async def test_newest_reading_of_each_sensor_is_answered(bench: Any) -> None:
    """An older reading of the same sensor is not; the same one twice is stored once."""
    for minutes, celsius in ((10, "20.5"), (0, "21.125"), (0, "21.125")):
        at = NOW - timedelta(minutes=minutes)
        data = NewReading(sensor="room", celsius=Decimal(celsius), ts=at)
        last = await store_reading(bench, data)

    found = await newest_readings(bench)

    assert last.stored is False
    assert [(one.sensor, one.celsius, one.ts) for one in found] == [
        ("room", Decimal("21.125"), NOW)
    ]
    assert bench.events.names == ["metric.measured"] * 2


async def test_cleanup_deletes_what_is_older_than_the_retention(bench: Any) -> None:
    """Thirty days are kept to the second."""
    for days in (29, 31):
        at = NOW - timedelta(days=days)
        data = NewReading(sensor=f"s{days}", celsius=Decimal(20), ts=at)
        await store_reading(bench, data)

    result = await clean_up(bench, NoParams())

    assert result["deleted"] == 1
    assert [one.sensor for one in await newest_readings(bench)] == ["s29"]
    assert len(await routes.list_rollups(bench, "s31", start=NOW - timedelta(40))) == 1


async def test_rollups_are_those_of_the_readings(bench: Any) -> None:
    """However they come, also late and twice: minimum, maximum, mean of each hour."""
    for minutes, celsius in ((0, "20"), (59, "26"), (20, "17"), (61, "30"), (59, "26")):
        at = NOW + timedelta(minutes=minutes)
        data = NewReading(sensor="room", celsius=Decimal(celsius), ts=at)
        await store_reading(bench, data)
    bench.later(hours=3)

    hours = await routes.list_rollups(bench, "room")
    [day] = await routes.list_rollups(bench, "room", "day")

    assert [(each.low, each.high, each.mean, each.count) for each in hours] == [
        (17, 26, 21, 3),
        (30, 30, 30, 1),
    ]
    assert (day.low, day.high, day.mean, day.count) == (17, 30, Decimal("23.25"), 4)
    assert day.start == datetime(2026, 3, 1, tzinfo=UTC)


async def test_days_begin_where_the_site_is(bench: Any) -> None:
    """At noon in UTC it is midnight in Auckland (13 hours ahead) or an hour past it."""
    bench.settings = TemperatureSettings(time_zone="Pacific/Auckland")
    await measure(bench, "20")

    [day] = await routes.list_rollups(bench, "room", "day")

    assert day.start == datetime(2026, 3, 1, 11, tzinfo=UTC)


async def test_alert_begins_worsens_and_ends_after_the_hysteresis(bench: Any) -> None:
    """One alert with its worst value, told when it begins and when it is over."""
    await routes.create_sensor(
        bench, NewSensor(name="room", high=Decimal(30), hysteresis=Decimal(1))
    )
    await measure(bench, "29", "30", "31.5", "29.5", "30.2", "29", "28")

    [alert] = await routes.list_alerts(bench)

    facts = alert.kind, alert.threshold, alert.worst
    assert facts == ("high", Decimal(30), Decimal("31.5"))
    assert alert.began_at == NOW + timedelta(minutes=2)
    assert alert.ended_at == NOW + timedelta(minutes=6)
    told = [name for name in bench.events.names if name.startswith("alert")]
    assert told == ["alert.created", "alert.resolved"]
    assert await routes.list_alerts(bench, only_open=True) == []


async def test_from_too_hot_to_too_cold_is_two_alerts(bench: Any) -> None:
    """One ends in the moment in which the other begins."""
    sensor = NewSensor(name="room", low=Decimal(5), high=Decimal(30))
    await routes.create_sensor(bench, sensor)
    await measure(bench, "40", "-2", "-8")

    cold, hot = await routes.list_alerts(bench, "room")

    assert (cold.kind, cold.worst, cold.ended_at) == ("low", Decimal(-8), None)
    assert (hot.kind, hot.ended_at) == ("high", cold.began_at)
    assert (await routes.get_sensor(bench, "room")).state == "low"


async def test_late_reading_changes_no_state(bench: Any) -> None:
    """What was measured before the newest reading is history, not news."""
    await routes.create_sensor(bench, NewSensor(name="room", high=Decimal(30)))
    await measure(bench, "20")
    late = NewReading(sensor="room", celsius=Decimal(50), ts=NOW - timedelta(hours=1))
    await store_reading(bench, late)

    assert await routes.list_alerts(bench) == []
    assert (await routes.get_sensor(bench, "room")).state == "normal"


async def test_sensors_are_added_changed_and_deleted(bench: Any) -> None:
    """With everything that hangs on them; what is wrong is said."""
    made = await routes.create_sensor(bench, NewSensor(name="room"))
    await measure(bench, "20")
    changed = await routes.replace_sensor(bench, "room", SensorBody(high=Decimal(30)))
    readings = await routes.list_readings(bench, "room")

    assert (made.celsius, changed.celsius) == (None, 20)
    assert changed.high == 30
    assert [each.celsius for each in readings] == [20]
    with pytest.raises(SensorExistsError, match="'room'"):
        await routes.create_sensor(bench, NewSensor(name="room"))
    with pytest.raises(InvalidInputError, match="low is"):
        await routes.replace_sensor(bench, "room", SensorBody(low=Decimal(-300)))
    await routes.delete_sensor(bench, "room")
    assert await newest_readings(bench) == []
    for ask in (routes.get_sensor, routes.delete_sensor):
        with pytest.raises(UnknownItemError, match="'room'"):
            await ask(bench, "room")


async def test_upgrade_keeps_what_was_measured(
    database: ServerAddress, schema: Pool, migrations: Path, bench_of: Any
) -> None:
    """Readings of the first version have sensors, minima, maxima and means at once."""
    name = "nxp_temperature_monitor"
    await migrate(database, name, "temperature-monitor", migrations)
    await schema.execute(
        "insert into reading values ('rack', $1, 20), ('rack', $2, 25)",
        NOW - timedelta(minutes=70),
        NOW - timedelta(minutes=61),
    )

    bench = await bench_of()
    [hour] = await routes.list_rollups(bench, "rack")
    [sensor] = await routes.list_sensors(bench)

    assert (hour.low, hour.high, hour.mean) == (20, 25, Decimal("22.5"))
    assert (sensor.name, sensor.celsius, sensor.url) == ("rack", 25, None)
