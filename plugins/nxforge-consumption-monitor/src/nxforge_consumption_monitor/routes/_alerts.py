"""Alerts and their rules over HTTP."""

from __future__ import annotations

from typing import Annotated

from litestar.params import QueryParameter

from nxforge_consumption_monitor import alerts
from nxforge_consumption_monitor.models import AlertRuleBody, AlertRuleView, AlertView
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext

__all__ = [
    "create_alert_rule",
    "delete_alert_rule",
    "list_alert_rules",
    "list_alerts",
    "replace_alert_rule",
]

_Context = PluginContext[MonitorSettings]


async def list_alerts(
    ctx: _Context,
    given_state: Annotated[str | None, QueryParameter(name="state")] = None,
    endpoint_id: Annotated[str | None, QueryParameter(name="endpointId")] = None,
) -> list[AlertView]:
    """The newest alerts, of a state or an endpoint where one is named."""
    return await alerts.alerts(ctx, given_state, endpoint_id)


async def list_alert_rules(ctx: _Context) -> list[AlertRuleView]:
    """What is watched."""
    return await alerts.rules(ctx)


async def create_alert_rule(ctx: _Context, data: AlertRuleBody) -> AlertRuleView:
    """Watch something more."""
    return await alerts.add_rule(ctx, data)


async def replace_alert_rule(
    ctx: _Context, rule_id: int, data: AlertRuleBody
) -> AlertRuleView:
    """Give a rule other numbers, or stop it."""
    return await alerts.replace_rule(ctx, rule_id, data)


async def delete_alert_rule(ctx: _Context, rule_id: int) -> None:
    """Delete a rule and its alerts."""
    await alerts.remove_rule(ctx, rule_id)
