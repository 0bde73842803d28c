"""What needs somebody's attention, and by which rules it is found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from nxforge_consumption_monitor import alerts
from nxforge_consumption_monitor.models import AlertRuleView, AlertState, AlertView
from nxforge_consumption_monitor.permissions import READ_READINGS
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext, ui

from ._alert_deeds import ADD_RULE, ALERT_DEEDS, RULE_DEEDS
from ._choices import group_choices, meter_choices

__all__ = ["ALERTS_PAGE"]

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
    known = f"{found.acknowledged} of them somebody knows of" if firing else ""
    unsure = found.states.no_data + found.states.error
    watched = f"of {found.endpoints_watched} meters"
    figures = [
        ui.Figure("Firing", firing, hint=known, level="bad" if firing else "ok"),
        ui.Figure("Pending", found.states.pending, hint="not for long enough yet"),
        ui.Figure("Not known", unsure, hint="nothing to compare"),
        ui.Figure("Without an alert", found.endpoints_normal, hint=watched),
    ]
    if found.paused_webhooks:
        words = "nobody is told by them"
        figures.append(
            ui.Figure("Paused webhooks", found.paused_webhooks, hint=words, level="bad")
        )
    return figures


async def _rows(ctx: _Context) -> list[dict[str, object]]:
    found = (await alerts.alerts(ctx, alerts.AlertsQuery(limit=_NEWEST))).data
    return [
        _row(each) for each in sorted(found, key=lambda each: _ORDER.index(each.state))
    ]


def _row(alert: AlertView) -> dict[str, object]:
    who = alert.acknowledged_by
    words = alert.state.replace("_", " ")
    return {
        "id": alert.id,
        "phase": alert.state,
        "state": ui.State(words, _LEVELS[alert.state], alert.severity),
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
        "kind": rule.kind.replace("_", " "),
        "threshold": f"{rule.threshold} {rule.unit}".strip(),
        "whom": _whom(rule, groups, meters),
        "for_s": rule.for_s,
        "severity": rule.severity,
        "state": ui.State("on", "ok") if rule.enabled else ui.State("off"),
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
    return "every meter"


ALERTS_PAGE: Final = ui.Page(
    name="alerts",
    title="Alerts",
    intro="What needs somebody, since when, and what to do about it.",
    icon="warning",
    permission=READ_READINGS,
    links=(ui.Link("Who is told", "webhooks"),),
    body=(
        ui.Stats("Now", _figures, live="alert.*", every=60),
        ui.Table(
            "Alerts",
            _rows,
            (
                ui.Column("meter", "Meter", sort=True),
                ui.Column("state", "State"),
                ui.Column("message", "What is so"),
                ui.Column("remedy", "What to do"),
                ui.Column("began_at", "Since", "age", sort=True),
                ui.Column("known", "Known to", sort=True),
                ui.Column("note", "Note", hidden=True),
                ui.Column("resolved_at", "Over", "time", hidden=True),
            ),
            key="id",
            search=True,
            filters=(
                ui.Filter(
                    "phase",
                    "State",
                    [(each, each.replace("_", " ")) for each in _ORDER],
                ),
            ),
            actions=ALERT_DEEDS,
            live="alert.*",
            every=60,
            empty="No alert was ever needed. What goes wrong will stand here.",
        ),
        ui.Table(
            "Rules",
            _rules,
            (
                ui.Column("kind", "What is watched", sort=True),
                ui.Column("state", "State"),
                ui.Column("threshold", "Threshold"),
                ui.Column("whom", "Of"),
                ui.Column("for_s", "For at least", "duration", sort=True),
                ui.Column("severity", "Severity", sort=True),
            ),
            key="id",
            actions=RULE_DEEDS,
            empty="No rule: nothing is watched. Add one below.",
        ),
        ADD_RULE,
    ),
)
