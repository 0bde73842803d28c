"""Pages for people."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from nxforge_core.api import InvalidInputError, PluginContext, ui
from nxforge_temperature_monitor import sensors, store
from nxforge_temperature_monitor.models import NewSensor, RollupView, Sensor, SensorBody
from nxforge_temperature_monitor.rollups import Span
from nxforge_temperature_monitor.settings import TemperatureSettings
from nxforge_temperature_monitor.thresholds import State

__all__ = ["PAGES"]

_Context = PluginContext[TemperatureSettings]

_READ: Final = "temperature-monitor:readings:read"
_SENSORS: Final = "temperature-monitor:sensors:read"
_CHANGE: Final = "temperature-monitor:sensors:write"
_LIVE: Final = ("metric.measured", "alert.*")
_WORDS: Final[dict[State, ui.State]] = {
    "normal": ui.State("normal", "ok"),
    "low": ui.State("too cold", "bad"),
    "high": ui.State("too hot", "bad"),
}
_FIELDS: Final = {
    "url": ui.Field("Address", placeholder="http://192.0.2.7/status.json"),
    "kind": ui.Field("It answers"),
    "place": ui.Field("Place of the temperature", placeholder="sensors[0].value"),
    "unit": ui.Field("Unit", options=["C", "F", "K"]),
    "interval_s": ui.Field("Interval", unit="s"),
    "low": ui.Field("Alert at and below", unit="°C"),
    "high": ui.Field("Alert at and above", unit="°C"),
    "hysteresis": ui.Field("Hysteresis", unit="°C"),
}
#: Longer windows are drawn by hour, the longest by day.
_HOURS: Final = 2 * 86_400
_DAYS: Final = 90 * 86_400


async def _now(ctx: _Context) -> list[ui.Figure]:
    known = [
        each for each in await sensors.list_sensors(ctx) if each.celsius is not None
    ]
    if not known:
        return [ui.Figure("Sensors", "0", hint="none has measured yet")]
    hottest = max(known, key=lambda each: each.celsius or 0)
    coldest = min(known, key=lambda each: each.celsius or 0)
    beyond = sum(each.state != "normal" for each in known)
    return [
        ui.Figure("Hottest", hottest.celsius, "°C", hint=hottest.name),
        ui.Figure("Coldest", coldest.celsius, "°C", hint=coldest.name),
        ui.Figure("Beyond a threshold", str(beyond), hint=f"of {len(known)} sensors"),
    ]


async def _rows(ctx: _Context) -> list[dict[str, object]]:
    return [
        {
            "name": each.name,
            "sensor": ui.Link(each.name, "sensor", {"name": each.name}),
            "celsius": each.celsius,
            "state": state_of(each),
            "ts": each.ts,
            "read": "over HTTP" if each.url else "it sends",
        }
        for each in await sensors.list_sensors(ctx)
    ]


def state_of(sensor: Sensor) -> ui.State:
    """What a person has to know of it first."""
    if not sensor.enabled:
        return ui.State("off")
    if sensor.error is not None:
        return ui.State("unreachable", "warning", sensor.error)
    return _WORDS[sensor.state] if sensor.ts else ui.State("nothing yet", "info")


async def _alerts(ctx: _Context, params: ui.Params) -> list[dict[str, object]]:
    return [
        {
            "id": each.id,
            "sensor": ui.Link(each.sensor, "sensor", {"name": each.sensor}),
            "state": _WORDS[each.kind] if each.ended_at is None else ui.State("over"),
            "threshold": each.threshold,
            "worst": each.worst,
            "began": each.began_at,
            "ended": each.ended_at or "",
        }
        for each in await store.alerts(ctx.db, params.get("name"))
    ]


async def _series(ctx: _Context, window: ui.Window, params: ui.Params) -> ui.Series:
    name, zone = params.get("name"), ZoneInfo(ctx.settings.time_zone)
    span = _span((window.end - window.start).total_seconds())
    times = window.start, window.end
    found = await store.rollups(ctx.db, name, *times, span, zone)
    lines = [
        _line(sensor, list(group))
        for sensor, group in groupby(found, key=lambda each: each.sensor)
    ]
    return ui.Series(lines, note=f"mean of each {span}")


def _span(seconds: float) -> Span:
    if seconds <= _HOURS:
        return "quarter"
    return "hour" if seconds <= _DAYS else "day"


def _line(sensor: str, found: Sequence[RollupView]) -> ui.Line:
    return ui.Line(
        sensor,
        [each.start for each in found],
        [each.mean for each in found],
        low=[each.low for each in found],
        high=[each.high for each in found],
    )


async def _asked(ctx: _Context, params: ui.Params) -> Sensor:
    if "name" not in params:
        remedy = "choose a sensor in the list"
        raise InvalidInputError(field="name", value=None, remedy=remedy)
    return await sensors.show_sensor(ctx, params["name"])


async def _heading(ctx: _Context, params: ui.Params) -> str:
    return (await _asked(ctx, params)).name


async def _facts(ctx: _Context, params: ui.Params) -> list[ui.Fact]:
    found = await _asked(ctx, params)
    return [
        ui.Fact("State", state_of(found)),
        ui.Fact("Temperature", found.celsius, "number", "°C"),
        ui.Fact("Measured", found.ts, "age"),
        ui.Fact("Address", found.url or "it sends by itself", "code"),
        ui.Fact("Too cold from", found.low, "number", "°C"),
        ui.Fact("Too hot from", found.high, "number", "°C"),
    ]


async def _held(ctx: _Context, params: ui.Params) -> dict[str, object]:
    found = msgspec.structs.asdict(await _asked(ctx, params))
    names = [field.name for field in msgspec.structs.fields(SensorBody)]
    return {name: found[name] for name in names}


async def _change(ctx: _Context, data: SensorBody, params: ui.Params) -> ui.Done:
    name = params.get("name", "")
    await sensors.change_sensor(ctx, name, data)
    return ui.Done(f"{name} is changed.")


async def _add(ctx: _Context, data: NewSensor) -> ui.Done:
    await sensors.add_sensor(ctx, data)
    link = ui.Link(data.name, "sensor", {"name": data.name})
    return ui.Done(f"{data.name} is added.", go=link)


async def _on(ctx: _Context, keys: Sequence[str]) -> ui.Done:
    await sensors.switch_sensors(ctx, keys, on=True)
    return ui.Done(f"{', '.join(keys)}: on.")


async def _off(ctx: _Context, keys: Sequence[str]) -> ui.Done:
    await sensors.switch_sensors(ctx, keys, on=False)
    return ui.Done(f"{', '.join(keys)}: off.")


async def _delete(ctx: _Context, keys: Sequence[str]) -> ui.Done:
    await sensors.remove_sensors(ctx, keys)
    return ui.Done(f"{', '.join(keys)}: deleted.")


def _alert_table(title: str) -> ui.Table:
    return ui.Table(
        title,
        _alerts,
        (
            ui.Column("sensor", "Sensor"),
            ui.Column("state", "State"),
            ui.Column("threshold", "Threshold", "number", "°C"),
            ui.Column("worst", "Worst", "number", "°C"),
            ui.Column("began", "Began", "time", sort=True),
            ui.Column("ended", "Ended", "time"),
        ),
        key="id",
        size=10,
        live=_LIVE,
        empty="No threshold was crossed.",
    )


_LIST: Final = ui.Page(
    name="temperatures",
    title="Temperatures",
    icon="pulse",
    permission=_READ,
    links=(ui.Link("Add a sensor", "add"),),
    body=(
        ui.Stats("Now", _now, live=_LIVE, home=True, name="now"),
        ui.Chart("Temperatures", _series, unit="°C", live=_LIVE, name="chart"),
        ui.Table(
            "Sensors",
            _rows,
            (
                ui.Column("sensor", "Sensor", sort=True),
                ui.Column("celsius", "Temperature", "number", "°C", sort=True),
                ui.Column("state", "State"),
                ui.Column("ts", "Measured", "age", sort=True),
                ui.Column("read", "Read", hidden=True),
            ),
            key="name",
            search=True,
            live=_LIVE,
            permission=_SENSORS,
            actions=(
                ui.RowAction("on", "Read", _on, permission=_CHANGE, many=True),
                ui.RowAction("off", "Do not read", _off, permission=_CHANGE, many=True),
                ui.RowAction(
                    "delete",
                    "Delete",
                    _delete,
                    permission=_CHANGE,
                    confirm="Delete {n}, with all that was measured?",
                    style="danger",
                    many=True,
                ),
            ),
            empty="There is no sensor yet.",
        ),
        _alert_table("Alerts"),
    ),
)
_SENSOR: Final = ui.Page(
    name="sensor",
    title="Sensor",
    heading=_heading,
    menu=False,
    permission=_SENSORS,
    links=(ui.Link("All sensors", "temperatures"),),
    body=(
        ui.Detail("Sensor", _facts, live=_LIVE, empty="There is no such sensor."),
        ui.Chart("Temperature", _series, unit="°C", live=_LIVE, name="chart"),
        _alert_table("Alerts"),
        ui.Form(
            "Change it",
            SensorBody,
            _change,
            _held,
            _FIELDS,
            name="change",
            layout="columns",
            permission=_CHANGE,
        ),
    ),
)
_ADD: Final = ui.Page(
    name="add",
    title="Add a sensor",
    menu=False,
    permission=_CHANGE,
    body=(
        ui.Form(
            "Add a sensor",
            NewSensor,
            _add,
            fields={"name": ui.Field("Name"), **_FIELDS},
            text="Without an address it is one that sends its temperatures itself.",
            layout="columns",
        ),
    ),
)

PAGES: Final = [_LIST, _SENSOR, _ADD]
