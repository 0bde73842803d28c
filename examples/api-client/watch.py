"""Sends temperatures, reads them back, and follows what happens."""

from __future__ import annotations

import asyncio
import os
import sys
from decimal import Decimal

from temperatures import ApiError, Client, NewReading, NewSensor

__all__ = ["main"]

SENSOR = "client example"


async def main(base: str, token: str) -> None:
    """Make one alert and see it on the stream."""
    async with Client(base, token) as client:
        try:
            sensor = NewSensor(name=SENSOR, high=Decimal(30))
            await client.post_temperature_monitor_sensors(sensor)
        except ApiError as error:
            if error.code != "sensor_exists":
                raise
        stream = client.get_temperature_monitor_live()
        async for event in stream:
            say(event.name)
            if event.name == "first":
                for celsius in ("21.5", "31.125", "21"):
                    reading = NewReading(sensor=SENSOR, celsius=Decimal(celsius))
                    await client.post_temperature_monitor_readings(reading)
            elif event.name == "alert.resolved":
                break
        async for alert in client.each_get_temperature_monitor_alerts(sensor=SENSOR):
            say(f"{alert.kind} at {alert.worst}")


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], os.environ["NXFORGE_TOKEN"]))
