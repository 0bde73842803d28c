"""What people do about alerts and the rules that make them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Final, get_args

import msgspec
from msgspec import Meta

from nxforge_consumption_monitor import alerts, endpoints
from nxforge_consumption_monitor.models import (
    AcknowledgeBody,
    AlertKind,
    AlertRuleBody,
    AlertRuleView,
    Severity,
)
from nxforge_consumption_monitor.permissions import WRITE_ENDPOINTS
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import InvalidInputError, PluginContext, load_texts, ui

from ._choices import group_choices
from ._words import counted, named_options

__all__ = ["ADD_RULE", "ALERT_DEEDS", "RULE_DEEDS"]

say = load_texts(__package__)

_Context = PluginContext[MonitorSettings]

_MINUTE: Final = 60


class NewAlertRule(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be watched.

    Attributes:
        threshold: Where the value reaches it, there is an alert.
        meter: Empty: every meter, or every one of the group.
        group: Its meters, those of later too.
        for_min: So many minutes it must be so before the alert fires.
    """

    kind: AlertKind
    threshold: Decimal
    meter: str = ""
    group: str = ""
    for_min: Annotated[int, Meta(ge=0, le=10_080)] = 0
    severity: Severity = "warning"


async def _acknowledge(
    ctx: _Context, keys: Sequence[str], reader: ui.Reader
) -> ui.Done:
    for key in keys:
        await alerts.acknowledge(ctx, int(key), AcknowledgeBody(), reader.name)
    return ui.Done(
        say("{counted} known to you: not told again.").format(
            counted=counted(len(keys), "alert")
        )
    )


async def _forget(ctx: _Context, keys: Sequence[str]) -> ui.Done:
    for key in keys:
        await alerts.unacknowledge(ctx, int(key))
    return ui.Done(
        say("{counted} told again.").format(counted=counted(len(keys), "alert"))
    )


async def _add(ctx: _Context, data: NewAlertRule) -> ui.Done:
    body = AlertRuleBody(
        kind=data.kind,
        threshold=data.threshold,
        endpoint_id=await _endpoint_id(ctx, data.meter),
        group_id=data.group or None,
        for_s=data.for_min * _MINUTE,
        severity=data.severity,
    )
    rule = await alerts.add_rule(ctx, body)
    return ui.Done(say("Rule {id} is watched from now on.").format(id=rule.id))


async def _endpoint_id(ctx: _Context, name: str) -> str | None:
    if not name:
        return None
    known = {each.name: each.id for each in await endpoints.list_all(ctx)}
    if name not in known:
        remedy = "give the name of an endpoint, or nothing for all"
        raise InvalidInputError(field="meter", value=name, remedy=remedy)
    return known[name]


async def _meters(ctx: _Context) -> list[tuple[str, str]]:
    names = [each.name for each in await endpoints.list_all(ctx)]
    return [("", say("every meter")), *((name, name) for name in names)]


async def _turn(ctx: _Context, keys: Sequence[str]) -> ui.Done:
    for key in keys:
        rule = await alerts.show_rule(ctx, int(key))
        await alerts.replace_rule(ctx, rule.id, _turned(rule))
    return ui.Done(say("{counted} turned.").format(counted=counted(len(keys), "rule")))


def _turned(rule: AlertRuleView) -> AlertRuleBody:
    return AlertRuleBody(
        kind=rule.kind,
        threshold=rule.threshold,
        endpoint_id=rule.endpoint_id,
        group_id=rule.group_id,
        for_s=rule.for_s,
        keep_s=rule.keep_s,
        severity=rule.severity,
        enabled=not rule.enabled,
    )


async def _delete(ctx: _Context, keys: Sequence[str]) -> ui.Done:
    for key in keys:
        await alerts.remove_rule(ctx, int(key))
    return ui.Done(say("{counted} deleted.").format(counted=counted(len(keys), "rule")))


ALERT_DEEDS: Final = (
    ui.RowAction(
        "acknowledge", say("I know"), _acknowledge, WRITE_ENDPOINTS, many=True
    ),
    ui.RowAction(
        "forget", say("Tell again"), _forget, WRITE_ENDPOINTS, many=True, single=False
    ),
)
RULE_DEEDS: Final = (
    ui.RowAction("turn", say("On or off"), _turn, WRITE_ENDPOINTS),
    ui.RowAction(
        "delete",
        say("Delete"),
        _delete,
        WRITE_ENDPOINTS,
        confirm=say("Delete this rule and its alerts?"),
        style="danger",
    ),
)
ADD_RULE: Final = ui.Form(
    say("Add a rule"),
    NewAlertRule,
    _add,
    fields={
        "kind": ui.Field(options=named_options(get_args(AlertKind))),
        "severity": ui.Field(options=named_options(get_args(Severity))),
        "meter": ui.Field(choices=_meters),
        "group": ui.Field(choices=group_choices),
        "for_min": ui.Field(say("For at least"), unit="min"),
    },
    button=say("Watch"),
    permission=WRITE_ENDPOINTS,
    layout="columns",
)
