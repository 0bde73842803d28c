"""Alerts and their rules over HTTP."""

from __future__ import annotations

from typing import Annotated

from litestar.params import QueryParameter

from nxforge_consumption_monitor import alerts
from nxforge_consumption_monitor.models import (
    AcknowledgeBody,
    AlertRuleBody,
    AlertRuleView,
    AlertsAnswer,
    AlertSummary,
    AlertView,
)
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext

from ._caller import Caller, IfMatch, name_of

__all__ = [
    "acknowledge_alert",
    "alert_summary",
    "create_alert_rule",
    "delete_alert_rule",
    "get_alert",
    "get_alert_rule",
    "list_alert_rules",
    "list_alerts",
    "replace_alert_rule",
    "unacknowledge_alert",
]

_Context = PluginContext[MonitorSettings]
_Text = str | None


async def list_alerts(  # noqa: PLR0913  # one parameter for each of the query
    ctx: _Context,
    *,
    given_state: Annotated[_Text, QueryParameter(name="state")] = None,
    kind: _Text = None,
    severity: _Text = None,
    endpoint_id: Annotated[_Text, QueryParameter(name="endpointId")] = None,
    group_id: Annotated[_Text, QueryParameter(name="groupId")] = None,
    from_: Annotated[_Text, QueryParameter(name="from")] = None,
    to: _Text = None,
    limit: _Text = None,
    cursor: _Text = None,
) -> AlertsAnswer:
    """Alerts, the newest first, page by page.

    `cursor` is `meta.nextCursor` of the page before.
    """
    query = alerts.AlertsQuery(
        state=given_state,
        kind=kind,
        severity=severity,
        endpoint_id=endpoint_id,
        group_id=group_id,
        low=from_,
        high=to,
        limit=limit,
        cursor=cursor,
    )
    return await alerts.alerts(ctx, query)


async def alert_summary(ctx: _Context) -> AlertSummary:
    """How many alerts are in which state."""
    return await alerts.summary(ctx)


async def get_alert(ctx: _Context, alert_id: int) -> AlertView:
    """One alert."""
    return await alerts.alert(ctx, alert_id)


async def acknowledge_alert(
    ctx: _Context, alert_id: int, data: AcknowledgeBody, request: Caller
) -> AlertView:
    """Somebody knows: it is not told again before its end, or before an instant."""
    return await alerts.acknowledge(ctx, alert_id, data, name_of(request))


async def unacknowledge_alert(ctx: _Context, alert_id: int) -> AlertView:
    """Have an alert told again."""
    return await alerts.unacknowledge(ctx, alert_id)


async def list_alert_rules(ctx: _Context) -> list[AlertRuleView]:
    """What is watched."""
    return await alerts.rules(ctx)


async def get_alert_rule(ctx: _Context, rule_id: int) -> AlertRuleView:
    """One rule."""
    return await alerts.show_rule(ctx, rule_id)


async def create_alert_rule(ctx: _Context, data: AlertRuleBody) -> AlertRuleView:
    """Watch something more."""
    return await alerts.add_rule(ctx, data)


async def replace_alert_rule(
    ctx: _Context, rule_id: int, data: AlertRuleBody, if_match: IfMatch = None
) -> AlertRuleView:
    """Give a rule other numbers, or stop it. With If-Match only that version."""
    return await alerts.replace_rule(ctx, rule_id, data, match=if_match)


async def delete_alert_rule(
    ctx: _Context, rule_id: int, if_match: IfMatch = None
) -> None:
    """Delete a rule and its alerts."""
    await alerts.remove_rule(ctx, rule_id, match=if_match)
