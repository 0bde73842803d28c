"""Rules and alerts for people."""

from __future__ import annotations

from decimal import Decimal
from typing import Final, get_args

import msgspec

from nxforge_consumption_monitor.models import (
    AlertRuleBody,
    AlertRuleView,
    AlertState,
    AlertView,
    UnknownEndpointError,
    parse_endpoint_id,
)
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store import (
    alert_rules,
    delete_alert_rule,
    group_members,
    insert_alert_rule,
    list_alerts,
    update_alert_rule,
)
from nxforge_core.api import InvalidInputError, PluginContext, UnknownItemError

__all__ = ["add_rule", "alerts", "remove_rule", "replace_rule", "rules"]

_Context = PluginContext[MonitorSettings]

_MOST: Final = 500
_LARGEST: Final = Decimal("1e12")


class UnknownRuleError(UnknownItemError):
    """No alert rule has the id."""

    def __init__(self, rule_id: int) -> None:
        super().__init__(
            kind="alert rule", value=str(rule_id), remedy="GET /alerts/rules lists them"
        )


async def alerts(
    ctx: _Context, state: str | None, endpoint_id: str | None
) -> list[AlertView]:
    """The newest alerts.

    Raises:
        InvalidInputError: there is no such state.
        UnknownItemError: `endpoint_id` is no id.
    """
    if state is not None and state not in get_args(AlertState):
        remedy = "give pending, firing or resolved"
        raise InvalidInputError(field="state", value=state, remedy=remedy)
    wanted = None if endpoint_id is None else parse_endpoint_id(endpoint_id)
    return await list_alerts(ctx.db, state, wanted, _MOST)


async def rules(ctx: _Context) -> list[AlertRuleView]:
    """All rules."""
    return [
        AlertRuleView(
            id=rule.id,
            kind=rule.kind,
            endpoint_id=rule.endpoint_id,
            threshold=rule.threshold,
            for_s=rule.for_s,
            keep_s=rule.keep_s,
            severity=rule.severity,
            enabled=rule.enabled,
        )
        for rule in await alert_rules(ctx.db)
    ]


async def add_rule(ctx: _Context, body: AlertRuleBody) -> AlertRuleView:
    """Store a rule.

    Raises:
        InvalidInputError: the threshold is not above zero.
        UnknownItemError: there is no such endpoint.
    """
    body = await _checked(ctx, body)
    return await _rule(ctx, await insert_alert_rule(ctx.db, body))


async def replace_rule(
    ctx: _Context, rule_id: int, body: AlertRuleBody
) -> AlertRuleView:
    """Give a rule other numbers.

    Raises:
        InvalidInputError: the threshold is not above zero.
        UnknownItemError: there is no such rule or endpoint.
    """
    body = await _checked(ctx, body)
    if not await update_alert_rule(ctx.db, rule_id, body):
        raise UnknownRuleError(rule_id)
    return await _rule(ctx, rule_id)


async def remove_rule(ctx: _Context, rule_id: int) -> None:
    """Delete a rule and its alerts.

    Raises:
        UnknownItemError: there is no such rule.
    """
    if not await delete_alert_rule(ctx.db, rule_id):
        raise UnknownRuleError(rule_id)


async def _rule(ctx: _Context, rule_id: int) -> AlertRuleView:
    for rule in await rules(ctx):
        if rule.id == rule_id:
            return rule
    # Somebody deleted it this moment.
    raise UnknownRuleError(rule_id)


async def _checked(ctx: _Context, body: AlertRuleBody) -> AlertRuleBody:
    value = body.threshold
    if not (value.is_finite() and 0 < value <= _LARGEST):
        remedy = f"give a number above 0 and up to {_LARGEST:f}"
        raise InvalidInputError(field="threshold", value=str(value), remedy=remedy)
    if body.endpoint_id is None:
        return body
    endpoint_id = parse_endpoint_id(body.endpoint_id)
    if not await group_members(ctx.db, None, endpoint_id=endpoint_id):
        raise UnknownEndpointError(endpoint_id)
    return msgspec.structs.replace(body, endpoint_id=endpoint_id)
