"""Rules for people."""

from __future__ import annotations

from msgspec.structs import replace

from nxforge_consumption_monitor.models import (
    AlertRuleBody,
    AlertRuleView,
    UnknownEndpointError,
    check_version,
    parse_endpoint_id,
)
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store import (
    UnknownGroupError,
    group_members,
    parse_group_id,
)
from nxforge_consumption_monitor.store.alerting import (
    AlertRule,
    alert_rules,
    delete_alert_rule,
    group_exists,
    hold_alert_rules,
    insert_alert_rule,
    open_alerts,
    update_alert_rule,
)
from nxforge_consumption_monitor.webhooks import queue_notices
from nxforge_core.api import (
    Connection,
    InvalidInputError,
    PluginContext,
    UnknownItemError,
)

from ._kinds import KINDS, check_threshold
from ._notice import notice_of, publish

__all__ = ["add_rule", "remove_rule", "replace_rule", "rules", "show_rule"]

_Context = PluginContext[MonitorSettings]


class UnknownRuleError(UnknownItemError):
    """No alert rule has the id."""

    def __init__(self, rule_id: int) -> None:
        super().__init__(
            kind="alert rule", value=str(rule_id), remedy="GET /alerts/rules lists them"
        )


async def rules(ctx: _Context) -> list[AlertRuleView]:
    """All rules."""
    return [_view(rule) for rule in await alert_rules(ctx.db)]


async def show_rule(ctx: _Context, rule_id: int) -> AlertRuleView:
    """One rule.

    Raises:
        UnknownItemError: there is no such rule.
    """
    return await _rule(ctx.db, rule_id)


async def add_rule(ctx: _Context, body: AlertRuleBody) -> AlertRuleView:
    """Store a rule.

    Raises:
        InvalidInputError: the threshold does not fit the kind.
        UnknownItemError: there is no such endpoint or group.
    """
    async with ctx.db.transaction() as connection:
        body = await _checked(connection, body)
        return await _rule(connection, await insert_alert_rule(connection, body))


async def replace_rule(
    ctx: _Context, rule_id: int, body: AlertRuleBody, *, match: str | None = None
) -> AlertRuleView:
    """Give a rule other numbers; with `match` only that version of it.

    Raises:
        InvalidInputError: the threshold does not fit the kind, or the kind is another.
        UnknownItemError: there is no such rule, endpoint or group.
        StaleVersionError: it was changed meanwhile.
    """
    async with ctx.db.transaction() as connection:
        await hold_alert_rules(connection)
        before = await _rule(connection, rule_id)
        check_version(match, before.updated_at)
        if body.kind != before.kind:
            remedy = f"leave it {before.kind}; another kind is another rule"
            raise InvalidInputError(field="kind", value=body.kind, remedy=remedy)
        await update_alert_rule(connection, rule_id, await _checked(connection, body))
        return await _rule(connection, rule_id)


async def remove_rule(ctx: _Context, rule_id: int, *, match: str | None = None) -> None:
    """Delete a rule and its alerts; what was told of it is told to be over.

    Raises:
        UnknownItemError: there is no such rule.
        StaleVersionError: it was changed meanwhile.
    """
    now = ctx.clock.now()
    async with ctx.db.transaction() as connection:
        await hold_alert_rules(connection)
        check_version(match, (await _rule(connection, rule_id)).updated_at)
        told = [each for each in await open_alerts(connection, rule_id) if each.told]
        await delete_alert_rule(connection, rule_id)
        ended = [replace(each, state="resolved") for each in told]
        notices = [notice_of(each, "resolved", now) for each in ended]
        await queue_notices(connection, notices, now)
    await publish(ctx, notices)


async def _rule(connection: Connection, rule_id: int) -> AlertRuleView:
    for rule in await alert_rules(connection):
        if rule.id == rule_id:
            return _view(rule)
    raise UnknownRuleError(rule_id)


def _view(rule: AlertRule) -> AlertRuleView:
    return AlertRuleView(
        id=rule.id,
        kind=rule.kind,
        endpoint_id=rule.endpoint_id,
        group_id=rule.group_id,
        threshold=rule.threshold,
        unit=KINDS[rule.kind].unit,
        for_s=rule.for_s,
        keep_s=rule.keep_s,
        severity=rule.severity,
        enabled=rule.enabled,
        updated_at=rule.updated_at,
    )


async def _checked(connection: Connection, body: AlertRuleBody) -> AlertRuleBody:
    wrong = check_threshold(body.kind, body.threshold)
    if wrong:
        value = str(body.threshold)
        raise InvalidInputError(field="threshold", value=value, remedy=wrong)
    if body.endpoint_id is not None and body.group_id is not None:
        remedy = "give an endpoint or a group; a rule without either watches all"
        raise InvalidInputError(field="groupId", value=body.group_id, remedy=remedy)
    if body.group_id is not None:
        group_id = parse_group_id(body.group_id)
        if not await group_exists(connection, group_id):
            raise UnknownGroupError(group_id)
        return replace(body, group_id=group_id)
    if body.endpoint_id is None:
        return body
    endpoint_id = parse_endpoint_id(body.endpoint_id)
    if not await group_members(connection, None, endpoint_id=endpoint_id):
        raise UnknownEndpointError(endpoint_id)
    return replace(body, endpoint_id=endpoint_id)
