"""Sensors: what there is, what is added, changed and removed."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from nxforge_core.api import ConflictError, PluginContext, UnknownItemError, load_sql
from nxforge_temperature_monitor.models import NewSensor, Sensor, SensorBody
from nxforge_temperature_monitor.settings import TemperatureSettings

__all__ = [
    "SensorExistsError",
    "add_sensor",
    "change_sensor",
    "list_sensors",
    "remove_sensors",
    "show_sensor",
    "switch_sensors",
]

_Context = PluginContext[TemperatureSettings]
_SQL = load_sql("nxforge_temperature_monitor")


class SensorExistsError(ConflictError):
    """A sensor has this name already."""

    code = "sensor_exists"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"there is a sensor {name!r} already",
            remedy="change it, or take a new name",
        )


async def list_sensors(ctx: _Context) -> list[Sensor]:
    """All of them by name, with what they measured last."""
    return await ctx.db.structs(Sensor, _SQL.sensors, None)


async def show_sensor(ctx: _Context, name: str) -> Sensor:
    """One of them.

    Raises:
        UnknownItemError: there is none of the name.
    """
    for sensor in await ctx.db.structs(Sensor, _SQL.sensors, name):
        return sensor
    raise _unknown(name)


async def add_sensor(ctx: _Context, data: NewSensor) -> Sensor:
    """A new one, which is read at once.

    Raises:
        InvalidInputError: it cannot be read or compared.
        SensorExistsError: the name is taken.
    """
    data.check()
    if await ctx.db.fetchval(_SQL.add_sensor, data.name, *_rule(data)) is None:
        raise SensorExistsError(data.name)
    return await show_sensor(ctx, data.name)


async def change_sensor(ctx: _Context, name: str, data: SensorBody) -> Sensor:
    """Another rule or other thresholds; its state changes with its next reading.

    Raises:
        InvalidInputError: it cannot be read or compared.
        UnknownItemError: there is none of the name.
    """
    data.check()
    values = *_rule(data), ctx.clock.now()
    if await ctx.db.fetchval(_SQL.change_sensor, name, *values) is None:
        raise _unknown(name)
    return await show_sensor(ctx, name)


async def switch_sensors(ctx: _Context, names: Sequence[str], *, on: bool) -> None:
    """Read them, or read them no more."""
    await ctx.db.execute(_SQL.switch_sensors, list(names), on, ctx.clock.now())


async def remove_sensors(ctx: _Context, names: Sequence[str]) -> int:
    """Delete them with their readings; how many there were."""
    tag = await ctx.db.execute(_SQL.remove_sensors, list(names))
    return int(tag.removeprefix("DELETE "))


def _rule(data: SensorBody) -> tuple[object, ...]:
    return tuple(
        getattr(data, field.name) for field in msgspec.structs.fields(SensorBody)
    )


def _unknown(name: str) -> UnknownItemError:
    remedy = "GET /sensors lists them"
    return UnknownItemError(kind="sensor", value=name, remedy=remedy)
