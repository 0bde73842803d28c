"""What needs somebody's attention, and by which rules it is found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from nxforge_consumption_monitor import alerts
from nxforge_consumption_monitor.models import AlertRuleView, AlertState, AlertView
from nxforge_consumption_monitor.permissions import READ_READINGS
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext, load_texts, ui

from ._alert_deeds import ADD_RULE, ALERT_DEEDS, RULE_DEEDS
from ._choices import group_choices, meter_choices
from ._words import named, named_options

__all__ = ["ALERTS_PAGE"]

say = load_texts(__package__)

_Context = PluginContext[MonitorSettings]

_NEWEST: Final = "500"
_LEVELS: Final[dict[AlertState, ui.Level]] = {
    "firing": "bad",
    "pending": "warning",
    "no_data": "warning",
    "error": "warning",
    "resolved": "ok",
}
_ORDER: Final[tuple[AlertState, ...]] = tuple(_LEVELS)


async def _figures(ctx: _Context) -> list[ui.Figure]:
    found = await alerts.summary(ctx)
    firing = found.states.firing
    known = say("{n} of them somebody knows of").format(n=found.acknowledged)
    unsure = found.states.no_data + found.states.error
    watched = say("of {n} meters").format(n=found.endpoints_watched)
    figures = [
        ui.Figure(
            say("Firing"),
            firing,
            hint=known if firing else "",
            level="bad" if firing else "ok",
        ),
        ui.Figure(
            say("Pending"), found.states.pending, hint=say("not for long enough yet")
        ),
        ui.Figure(say("Not known"), unsure, hint=say("nothing to compare")),
        ui.Figure(say("Without an alert"), found.endpoints_normal, hint=watched),
    ]
    if found.paused_webhooks:
        words = say("nobody is told by them")
        figures.append(
            ui.Figure(
                say("Paused webhooks"), found.paused_webhooks, hint=words, level="bad"
            )
        )
    return figures


async def _rows(ctx: _Context) -> list[dict[str, object]]:
    found = (await alerts.alerts(ctx, alerts.AlertsQuery(limit=_NEWEST))).data
    return [
        _row(each) for each in sorted(found, key=lambda each: _ORDER.index(each.state))
    ]


def _row(alert: AlertView) -> dict[str, object]:
    who = alert.acknowledged_by
    words = named(alert.state)
    return {
        "id": alert.id,
        "phase": alert.state,
        "state": ui.State(words, _LEVELS[alert.state], named(alert.severity)),
        "meter": ui.Link(alert.endpoint_name, "endpoint", {"id": alert.endpoint_id}),
        "message": alert.message,
        "remedy": "" if alert.state == "resolved" else alert.remedy,
        "began_at": alert.began_at,
        "resolved_at": alert.resolved_at if alert.state == "resolved" else "",
        "known": who or "",
        "note": alert.note,
    }


async def _rules(ctx: _Context) -> list[dict[str, object]]:
    groups = dict(await group_choices(ctx))
    meters = dict(await meter_choices(ctx))
    return [_rule(each, groups, meters) for each in await alerts.rules(ctx)]


def _rule(
    rule: AlertRuleView, groups: Mapping[str, str], meters: Mapping[str, str]
) -> dict[str, object]:
    return {
        "id": rule.id,
        "kind": named(rule.kind),
        "threshold": f"{rule.threshold} {named(rule.unit)}".strip(),
        "whom": _whom(rule, groups, meters),
        "for_s": rule.for_s,
        "severity": named(rule.severity),
        "state": ui.State(say("on"), "ok") if rule.enabled else ui.State(say("off")),
    }


def _whom(
    rule: AlertRuleView, groups: Mapping[str, str], meters: Mapping[str, str]
) -> object:
    if rule.group_id:
        name = groups.get(rule.group_id, "a group")
        return ui.Link(name, "group", {"id": rule.group_id})
    if rule.endpoint_id:
        name = meters.get(rule.endpoint_id, "one meter")
        return ui.Link(name, "endpoint", {"id": rule.endpoint_id})
    return say("every meter")


ALERTS_PAGE: Final = ui.Page(
    name="alerts",
    title=say("Alerts"),
    intro=say("What needs somebody, since when, and what to do about it."),
    icon="warning",
    permission=READ_READINGS,
    links=(ui.Link(say("Who is told"), "webhooks"),),
    body=(
        ui.Stats(say("Now"), _figures, live="alert.*", every=60),
        ui.Table(
            say("Alerts"),
            _rows,
            (
                ui.Column("meter", say("Meter"), sort=True),
                ui.Column("state", say("State")),
                ui.Column("message", say("What is so")),
                ui.Column("remedy", say("What to do")),
                ui.Column("began_at", say("Since"), "age", sort=True),
                ui.Column("known", say("Known to"), sort=True),
                ui.Column("note", say("Note"), hidden=True),
                ui.Column("resolved_at", say("Over"), "time", hidden=True),
            ),
            key="id",
            search=True,
            filters=(
                ui.Filter(
                    "phase",
                    say("State"),
                    named_options(_ORDER),
                ),
            ),
            actions=ALERT_DEEDS,
            live="alert.*",
            every=60,
            empty=say("No alert was ever needed. What goes wrong will stand here."),
        ),
        ui.Table(
            say("Rules"),
            _rules,
            (
                ui.Column("kind", say("What is watched"), sort=True),
                ui.Column("state", say("State")),
                ui.Column("threshold", say("Threshold")),
                ui.Column("whom", say("Of")),
                ui.Column("for_s", say("For at least"), "duration", sort=True),
                ui.Column("severity", say("Severity"), sort=True),
            ),
            key="id",
            actions=RULE_DEEDS,
            empty=say("No rule: nothing is watched. Add one below."),
        ),
        ADD_RULE,
    ),
)
