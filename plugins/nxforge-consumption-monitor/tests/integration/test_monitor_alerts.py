"""Alerts in the database: found by the job, kept from first sign to end."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from nxforge_consumption_monitor import routes
from nxforge_consumption_monitor.alerts import watch
from nxforge_consumption_monitor.models import AlertRuleBody
from nxforge_core.api import InvalidInputError, NoParams, UnknownItemError


async def _watch(monitor: Any) -> tuple[int, int]:
    result = await watch(monitor.job(), NoParams())
    return result.fired, result.resolved


async def _born_now(monitor: Any) -> None:
    await monitor.pool.execute(
        "update endpoint set created_at = $1", monitor.clock.now()
    )


async def test_silent_endpoint_is_an_alert_until_it_answers(monitor: Any) -> None:
    """It fires once, and ends with the next reading."""
    view = await monitor.add("a")
    await _born_now(monitor)
    monitor.show("a", "5")
    await monitor.round()
    assert await _watch(monitor) == (0, 0)
    monitor.clock.pass_by(minutes=20)
    assert await _watch(monitor) == (1, 0)
    assert await _watch(monitor) == (0, 0)
    [alert] = await routes.list_alerts(monitor.ctx, given_state="firing")
    assert (alert.kind, alert.endpoint_name) == ("offline", "a")
    await monitor.round()
    assert await _watch(monitor) == (0, 1)
    [alert] = await routes.list_alerts(monitor.ctx, endpoint_id=view.id)
    assert (alert.state, alert.resolved_at) == ("resolved", monitor.clock.now())


async def test_proposed_reset_waits_for_a_decision(monitor: Any) -> None:
    """Somebody confirms it, and the alert ends."""
    await monitor.add("a")
    for register in ("100", "102", "3", "5"):
        monitor.show("a", register)
        await monitor.round()
        monitor.clock.pass_by(minutes=5)
    assert await _watch(monitor) == (1, 0)
    [alert] = await routes.list_alerts(monitor.ctx, given_state="firing")
    assert alert.kind == "register_event"
    await monitor.pool.execute("update meter_event set state = 'confirmed'")
    assert await _watch(monitor) == (0, 1)


async def test_budget_and_power_of_one_endpoint(monitor: Any) -> None:
    """A rule of a person watches the endpoint it names."""
    view = await monitor.add("a")
    await monitor.add("b")
    for kind, threshold in (("month_kwh", 2), ("power_kw", 10)):
        body = AlertRuleBody(
            kind=kind, threshold=Decimal(threshold), endpoint_id=view.id
        )
        await routes.create_alert_rule(monitor.ctx, body)
    for register in ("100", "101", "102"):
        for name in ("a", "b"):
            monitor.show(name, register, "1.5")
        await monitor.round()
        monitor.clock.pass_by(minutes=5)
    assert await _watch(monitor) == (1, 0)
    [alert] = await routes.list_alerts(monitor.ctx)
    assert (alert.endpoint_id, alert.kind, alert.value) == (view.id, "month_kwh", 2)


async def test_rule_that_is_stopped_ends_its_alerts(monitor: Any) -> None:
    """An alert that nobody looks after does not stay open for ever."""
    await monitor.add("a")
    monitor.show("a", "5", "20")
    await monitor.round()
    body = AlertRuleBody(kind="power_kw", threshold=Decimal(10))
    rule = await routes.create_alert_rule(monitor.ctx, body)
    assert await _watch(monitor) == (1, 0)
    stopped = AlertRuleBody(kind="power_kw", threshold=Decimal(10), enabled=False)
    await routes.replace_alert_rule(monitor.ctx, rule.id, stopped)
    await _watch(monitor)
    assert await routes.list_alerts(monitor.ctx, given_state="firing") == []
    await routes.delete_alert_rule(monitor.ctx, rule.id)
    assert await routes.list_alerts(monitor.ctx) == []


async def test_wrong_rules_are_named(monitor: Any) -> None:
    """A threshold of nothing, an endpoint and a rule that are not there."""
    zero = AlertRuleBody(kind="power_kw", threshold=Decimal(0))
    with pytest.raises(InvalidInputError):
        await routes.create_alert_rule(monitor.ctx, zero)
    nobody = AlertRuleBody(
        kind="power_kw",
        threshold=Decimal(1),
        endpoint_id="0b0e6ad2-6f5f-4c4e-9d0a-0e4a8a4d6a11",
    )
    with pytest.raises(UnknownItemError):
        await routes.create_alert_rule(monitor.ctx, nobody)
    with pytest.raises(UnknownItemError):
        await routes.delete_alert_rule(monitor.ctx, 999)
    with pytest.raises(InvalidInputError):
        await routes.list_alerts(monitor.ctx, given_state="loud")
