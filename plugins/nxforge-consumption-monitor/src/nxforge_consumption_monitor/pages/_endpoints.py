"""The list of what is polled, with how well it answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Final

from nxforge_consumption_monitor import endpoints, report
from nxforge_consumption_monitor.groups import groups
from nxforge_consumption_monitor.models import EndpointView, LiveEndpoint
from nxforge_consumption_monitor.permissions import READ_ENDPOINTS
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext, load_texts, ui

from ._endpoint_deeds import ENDPOINT_DEEDS
from ._reads import Success, attempts_since
from ._states import state_of

__all__ = ["ENDPOINTS_PAGE"]

say = load_texts(__package__)

_Context = PluginContext[MonitorSettings]

_API: Final = "/api/v1/m/consumption-monitor"
_DAY: Final = timedelta(days=1)
_ARCHIVED: Final = ui.State(
    say("archived"), "unknown", say("put away, its readings stay")
)
_COLUMNS: Final = (
    ui.Column("endpoint", say("Endpoint"), sort=True),
    ui.Column("state", say("State"), sort=True),
    ui.Column("url", say("Address"), "code", sort=True),
    ui.Column("interval_s", say("Interval"), "duration", sort=True),
    ui.Column("read_at", say("Last reading"), "age", sort=True),
    ui.Column("good", say("Good polls, 24 h"), "share", places=1, sort=True),
    ui.Column("location", say("Location"), hidden=True, sort=True),
    ui.Column("group", say("Group"), hidden=True, sort=True),
    ui.Column("client", say("Fetched by"), hidden=True, sort=True),
    ui.Column("login", say("Login"), hidden=True),
    ui.Column("rule_version", say("Rule version"), "number", hidden=True),
    ui.Column("tz", say("Zone"), hidden=True, sort=True),
)


async def _rows(ctx: _Context) -> list[dict[str, object]]:
    known = await endpoints.list_all(ctx, archived=True)
    live = {each.id: each for each in await report.live_endpoints(ctx)}
    polls = await attempts_since(ctx.db, ctx.clock.now() - _DAY)
    names = {each.id: each.name for each in await groups(ctx)}
    return [_row(each, live.get(each.id), polls.get(each.id), names) for each in known]


def _row(
    endpoint: EndpointView,
    live: LiveEndpoint | None,
    polls: Success | None,
    groups_by_id: Mapping[str, str],
) -> dict[str, object]:
    return {
        "id": endpoint.id,
        "endpoint": ui.Link(endpoint.name, "endpoint", {"id": endpoint.id}),
        "state": _ARCHIVED if live is None else state_of(live),
        "phase": _phase(endpoint),
        "url": endpoint.url,
        "group": groups_by_id.get(endpoint.group_id or "", ""),
        "location": endpoint.location or "",
        "interval_s": endpoint.interval_s,
        "read_at": endpoint.last_read_at,
        "good": Decimal(polls.good) / polls.attempts if polls else None,
        "client": endpoint.client,
        "login": endpoint.auth.type,
        "rule_version": endpoint.rule_version,
        "tz": endpoint.tz,
    }


def _phase(endpoint: EndpointView) -> str:
    if endpoint.archived_at is not None:
        return say("archived")
    return say("polled") if endpoint.enabled else say("off")


ENDPOINTS_PAGE: Final = ui.Page(
    name="endpoints",
    title=say("Endpoints"),
    intro=say("The devices that are polled, and how well they answer."),
    icon="plug",
    permission=READ_ENDPOINTS,
    links=(
        ui.Link(say("Add an endpoint"), "endpoint-form"),
        ui.Link(say("Import"), "endpoint-import"),
        ui.Link(say("Export"), f"{_API}/endpoints/export", {"format": "csv"}),
    ),
    body=(
        ui.Table(
            say("Endpoints"),
            _rows,
            _COLUMNS,
            key="id",
            sort="endpoint",
            search=True,
            filters=(
                ui.Filter(
                    "phase",
                    say("Shown"),
                    (
                        ("polled", say("Polled")),
                        ("off", say("Off")),
                        ("archived", say("Archived")),
                    ),
                ),
            ),
            actions=ENDPOINT_DEEDS,
            every=60,
            empty=say(
                "No endpoint yet. One is the address of a device's page, and the rule"
                " that finds the register in it."
            ),
        ),
    ),
)
