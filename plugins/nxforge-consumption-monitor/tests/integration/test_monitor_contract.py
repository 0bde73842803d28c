"""The original's four answers: every member, with its name and JSON type."""

from __future__ import annotations

import json
from typing import Any, Final

import msgspec
import pytest

from nxforge_consumption_monitor import report, routes
from nxforge_core.api import Success

_ENCODE: Final = msgspec.json.Encoder(decimal_format="number").encode
_NUMBER: Final = (int, float)
_SOME_NUMBER: Final = (int, float, type(None))
_SOME_TEXT: Final = (str, type(None))


def _wire(answer: object) -> Any:
    """The answer as the host sends it."""
    if not isinstance(answer, Success):
        answer = Success(data=answer)
    return json.loads(_ENCODE(answer))


def _assert_members(found: dict[str, Any], wanted: dict[str, Any]) -> None:
    wrong = {
        name: found.get(name, "absent")
        for name, kind in wanted.items()
        if name not in found
        or not isinstance(found[name], kind)
        or (kind is not bool and isinstance(found[name], bool))
    }
    assert wrong == {}


@pytest.fixture
async def read(monitor: Any) -> Any:
    """A monitor with two good readings of one endpoint and a failed attempt."""
    await monitor.add("a", client_name="ACME", location="Rack 1")
    for register in ("100.5", "101.25"):
        monitor.show("a", register, "1.5")
        await monitor.round()
        monitor.clock.pass_by(minutes=5)
    monitor.http.serve("http://meter.test/a", "oops", "text/plain", 500)
    await monitor.round()
    return monitor


async def test_live_keeps_the_members_of_the_original(read: Any) -> None:
    """A client of the original finds everything where it was."""
    answer = _wire(await report.live(read.ctx))
    _assert_members(answer, {"success": bool, "data": dict, "timestamp": str})
    [endpoint] = answer["data"]["endpoints"]
    _assert_members(
        endpoint,
        {
            "id": str,
            "name": str,
            "clientName": str,
            "location": str,
            "enabled": bool,
            "lastReading": dict,
            "status": str,
        },
    )
    _assert_members(
        endpoint["lastReading"],
        {
            "timestamp": str,
            "totalKwh": _NUMBER,
            "voltage": _SOME_NUMBER,
            "current": _SOME_NUMBER,
            "power": _NUMBER,
        },
    )
    _assert_members(
        answer["data"]["summary"],
        {
            "totalEndpoints": int,
            "activeEndpoints": int,
            "totalKwh": _NUMBER,
            "monthlyConsumption": _NUMBER,
        },
    )


async def test_live_adds_the_new_members(read: Any) -> None:
    """kW, registers, today and month stand beside the original's members."""
    [endpoint] = _wire(await report.live(read.ctx))["data"]["endpoints"]
    _assert_members(
        endpoint,
        {
            "powerKw": _NUMBER,
            "registerKwh": _NUMBER,
            "todayKwh": _NUMBER,
            "monthKwh": _NUMBER,
            "ageS": _NUMBER,
            "state": str,
            "quality": str,
        },
    )


async def test_readings_keep_the_members_of_the_original(read: Any) -> None:
    """Rows newest first, failed attempts among them, and the meta beside."""
    answer = _wire(await routes.readings(read.ctx, from_="2025-03-01"))
    _assert_members(answer, {"success": bool, "data": list, "meta": dict})
    _assert_members(answer["meta"], {"total": int, "from": str, "to": _SOME_TEXT})
    for row in answer["data"]:
        _assert_members(
            row,
            {
                "id": str,
                "endpointId": str,
                "timestamp": str,
                "totalKwh": _SOME_NUMBER,
                "currentKwh": _SOME_NUMBER,
                "voltage": _SOME_NUMBER,
                "current": _SOME_NUMBER,
                "power": _SOME_NUMBER,
                "powerFactor": _SOME_NUMBER,
                "success": bool,
                "errorMessage": _SOME_TEXT,
            },
        )
    assert [row["success"] for row in answer["data"]] == [False, True, True]
    assert [row["totalKwh"] for row in answer["data"]] == [None, 101.25, 100.5]
    assert [row["power"] for row in answer["data"]] == [None, 1500, 1500]
    assert answer["data"][0]["errorMessage"]


async def test_summary_keeps_the_members_of_the_original(read: Any) -> None:
    """Each endpoint's consumption in the period, and the sum."""
    data = _wire(await routes.summary(read.ctx, "day"))["data"]
    _assert_members(
        data,
        {
            "period": str,
            "startDate": str,
            "endDate": str,
            "endpoints": list,
            "totalConsumption": _NUMBER,
        },
    )
    _assert_members(
        data["endpoints"][0],
        {
            "endpointId": str,
            "endpointName": str,
            "clientName": str,
            "location": str,
            "consumption": _NUMBER,
            "avgPower": _NUMBER,
            "readingCount": int,
            "firstReading": str,
            "lastReading": str,
        },
    )


async def test_monthly_keeps_the_members_of_the_original(read: Any) -> None:
    """Year and month are numbers, also when they were given as text."""
    [view] = await routes.list_endpoints(read.ctx)
    data = _wire(await routes.monthly(read.ctx, view.id, "2025", "3"))["data"]
    _assert_members(
        data,
        {
            "year": int,
            "month": int,
            "startKwh": _NUMBER,
            "endKwh": _NUMBER,
            "consumption": _NUMBER,
            "readingCount": int,
            "firstReading": str,
            "lastReading": str,
        },
    )
    assert (data["year"], data["month"], data["consumption"]) == (2025, 3, 0.75)


async def test_month_without_readings_is_empty(read: Any) -> None:
    """Registers are null, consumption and count 0, as the original answers."""
    [view] = await routes.list_endpoints(read.ctx)
    data = _wire(await routes.monthly(read.ctx, view.id, month="2024-12"))["data"]
    assert (data["startKwh"], data["endKwh"], data["firstReading"]) == (None,) * 3
    assert (data["consumption"], data["readingCount"]) == (0, 0)


async def test_monthly_summary_keeps_the_members_of_the_original(read: Any) -> None:
    """Every enabled endpoint in the current month."""
    [row] = _wire(await routes.monthly_summary(read.ctx))["data"]
    _assert_members(
        row,
        {
            "endpointId": str,
            "endpointName": str,
            "clientName": str,
            "location": str,
            "currentKwh": _NUMBER,
            "previousKwh": _NUMBER,
            "consumedKwh": _NUMBER,
            "lastReadingAt": str,
            "readingsCount": int,
        },
    )
    assert row["consumedKwh"] == 0.75


async def test_decimals_travel_with_all_their_digits(monitor: Any) -> None:
    """The JSON number has the device's digits, not those of a binary fraction."""
    await monitor.add("a")
    monitor.show("a", "52185.5")
    await monitor.round()
    exact = "update channel_state set register_kwh = 999999999999.00000001"
    await monitor.pool.execute(exact)
    raw = _ENCODE(await report.live(monitor.ctx))
    assert b'"registerKwh":999999999999.00000001,' in raw
