"""Several channels of one answer: judged one by one, stored together or not at all."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

import pytest

from nxforge_consumption_monitor.endpoints import change
from nxforge_consumption_monitor.models import AuthBody, EndpointChange

_CHANNELS: Final = ("total", "l1", "export")
_RULES: Final[dict[str, object]] = {
    "rules": [
        {
            "channel": channel,
            "quantity": quantity,
            "required": channel != "export",
            "steps": [
                {"step": "json", "path": f"{channel}.{key}"},
                {"step": "unit", "fixed": unit},
            ],
        }
        for channel in _CHANNELS
        for quantity, key, unit in (("energy", "kwh", "kWh"), ("frequency", "hz", "Hz"))
    ]
}
_LATEST: Final = """
select channel, register_kwh, total_kwh, frequency, quality from channel_state
order by channel
"""


def _answer(**registers: str | None) -> str:
    parts = [
        f'"{channel}": {{"kwh": {register}, "hz": 50.01}}'
        for channel, register in registers.items()
        if register is not None
    ]
    return "{" + ", ".join(parts) + "}"


async def _poll(monitor: Any, **registers: str | None) -> Any:
    body = _answer(**registers)
    monitor.http.serve("http://meter.test/a", body, "application/json")
    outcome = await monitor.round()
    monitor.clock.pass_by(minutes=5)
    return outcome


async def test_every_channel_of_an_answer_is_stored(monitor: Any) -> None:
    """One poll, one attempt, a reading of each channel with its own total."""
    await monitor.add("a", rules=_RULES)
    await _poll(monitor, total="100", l1="30.5", export="7")
    rows = await monitor.pool.fetch(
        "select channel, register_kwh, frequency, raw_unit from reading order by 1"
    )
    assert [tuple(row) for row in rows] == [
        ("export", Decimal(7), Decimal("50.01"), "kWh"),
        ("l1", Decimal("30.5"), Decimal("50.01"), "kWh"),
        ("total", Decimal(100), Decimal("50.01"), "kWh"),
    ]
    assert await monitor.pool.fetchval("select count(*) from scrape_attempt") == 1


async def test_each_channel_is_judged_by_itself(monitor: Any) -> None:
    """A phase that jumps is suspect; the total beside it is good."""
    await monitor.add("a", rules=_RULES)
    await _poll(monitor, total="100", l1="30", export="7")
    await _poll(monitor, total="101", l1="90000", export="7.1")
    rows = [tuple(row)[:3] for row in await monitor.pool.fetch(_LATEST)]
    assert rows == [
        ("export", Decimal("7.1"), Decimal("7.1")),
        ("l1", 30, 30),
        ("total", 101, 101),
    ]
    qualities = {row["channel"]: row["quality"] for row in await _latest(monitor)}
    assert qualities == {"export": "measured", "l1": "suspect", "total": "measured"}


async def _latest(monitor: Any) -> Any:
    return await monitor.pool.fetch(_LATEST)


async def test_channel_that_is_not_there_keeps_its_state(monitor: Any) -> None:
    """An optional value that is missing for once is unknown, and goes on later."""
    await monitor.add("a", rules=_RULES)
    await _poll(monitor, total="100", l1="30", export="7")
    await _poll(monitor, total="101", l1="31")
    assert [row["register_kwh"] for row in await _latest(monitor)] == [7, 31, 101]
    await _poll(monitor, total="102", l1="32", export="7.5")
    totals = await monitor.pool.fetch(
        "select total_kwh from reading where channel = 'export' order by ts"
    )
    assert [row["total_kwh"] for row in totals] == [7, Decimal("7.5")]


async def test_impossible_value_of_one_channel_stores_none(monitor: Any) -> None:
    """An answer is stored whole: half of it would not fit together."""
    view = await monitor.add("a", rules=_RULES, max_kw=Decimal("1e12"))
    await _poll(monitor, total="100", l1="30", export="7")
    await change(monitor.ctx, view.id, EndpointChange(multiplier=Decimal(10**12)))
    outcome = await _poll(monitor, total="100", l1="30", export="8")
    assert outcome.kind == "failed"
    assert "total_kwh of export" in outcome.result["errors"][0]["error"]
    assert await monitor.pool.fetchval("select count(*) from reading") == 3


async def test_break_of_a_register_is_proposed_with_the_reading(monitor: Any) -> None:
    """Who looks at the events finds what was counted, and from which registers."""
    await monitor.add("a", rules=_RULES, modulus_kwh=Decimal(100000))
    await _poll(monitor, total="99999", l1="5", export="1")
    await _poll(monitor, total="2", l1="6", export="1")
    rows = await monitor.pool.fetch(
        "select channel, type, old_kwh, new_kwh, origin, state from meter_event"
    )
    assert [tuple(row) for row in rows] == [
        ("total", "rollover", 100000, 0, "auto", "proposed")
    ]
    totals = [row["total_kwh"] for row in await _latest(monitor)]
    assert totals == [1, 6, 100002]


async def test_digits_of_a_register_say_where_it_goes_round(monitor: Any) -> None:
    """Five digits before the point are a modulus of 100000."""
    await monitor.add("a", register_digits=5)
    for register in ("99999", "2"):
        monitor.show("a", register)
        await monitor.round()
        monitor.clock.pass_by(minutes=5)
    assert [row["total_kwh"] for row in await _latest(monitor)] == [100002]


@pytest.mark.parametrize("quantity", ["power_kw", "sample_ts"])
async def test_power_is_shown_while_the_register_is_suspect(
    monitor: Any, quantity: str
) -> None:
    """What the device draws now is true even where its register waits for more."""
    await monitor.add("a")
    monitor.show("a", "100", "1")
    await monitor.round()
    monitor.clock.pass_by(minutes=5)
    monitor.show("a", "90000", "2")
    await monitor.round()
    row = await monitor.pool.fetchrow(f"select {quantity}, ts from channel_state")  # noqa: S608 - a column of ours
    expected = {"power_kw": Decimal(2), "sample_ts": monitor.clock.now()}
    assert row[0] == expected[quantity]
    assert row["ts"] < monitor.clock.now()


async def test_credential_is_locked_after_two_refusals_until_a_change(
    monitor: Any,
) -> None:
    """The lock and the last refusal are shown; any change of the endpoint ends it."""
    auth = AuthBody(type="basic", username="u", secret="wrong-one")  # noqa: S106 - of this test
    view = await monitor.add("a", auth=auth)
    monitor.http.serve("http://meter.test/a", "no", "text/plain", 401)
    for _ in range(2):
        await monitor.round()
        monitor.clock.pass_by(hours=1)
    row = await monitor.pool.fetchrow(
        "select locked, last_auth_error_at from credential"
    )
    assert row["locked"] is True
    assert row["last_auth_error_at"] is not None
    changed = await change(monitor.ctx, view.id, EndpointChange(interval_s=60))
    assert changed.auth.locked is False
    assert changed.auth.last_error_at == row["last_auth_error_at"]
