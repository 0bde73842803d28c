"""What is read from an endpoint, and how it is set up."""

from __future__ import annotations

from typing import Final

import msgspec

from nxforge_consumption_monitor import endpoints, report
from nxforge_consumption_monitor.models import COLLECTED, EndpointView, ReadingRow
from nxforge_consumption_monitor.permissions import READ_ENDPOINTS, WRITE_READINGS
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext, load_texts, ui

from ._mark_deeds import EXCLUDED, mark_link
from ._one import endpoint_of
from ._states import QUALITY_LEVELS
from ._words import named, named_options

__all__ = ["READINGS", "RULES", "SETTINGS"]

say = load_texts(__package__)

_Context = PluginContext[MonitorSettings]

_NEWEST: Final = "500"


async def _readings(
    ctx: _Context, params: ui.Params, reader: ui.Reader
) -> list[dict[str, object]]:
    endpoint = await endpoint_of(ctx, params)
    query = report.ReadingsQuery(endpoint_id=endpoint.id, limit=_NEWEST)
    found = await report.readings_page(ctx, query)
    may_mark = reader.may(WRITE_READINGS)
    return [
        _reading(each) | {"mark": _mark(each) if may_mark else ""}
        for each in found.data
    ]


def _mark(row: ReadingRow) -> object:
    if not row.success:
        return ""
    excluded = row.reason == EXCLUDED
    return mark_link(row.endpoint_id, row.channel, row.timestamp, excluded=excluded)


def _reading(row: ReadingRow) -> dict[str, object]:
    quality = row.quality or ""
    state = (
        ui.State(named(quality), QUALITY_LEVELS.get(quality, "info"), named(row.reason))
        if row.success
        else ui.State(named(row.outcome), "bad", row.error_message or "")
    )
    return {
        "id": row.id,
        "at": row.timestamp,
        "state": state,
        "kind": quality or "failed",
        "channel": row.channel,
        "register_kwh": row.register_kwh,
        "power_kw": row.power_kw,
        "current_kwh": row.current_kwh,
        "voltage": row.voltage,
        "current": row.current,
    }


READINGS: Final = ui.Table(
    say("Readings"),
    _readings,
    (
        ui.Column("at", say("Time"), "time", sort=True),
        ui.Column("state", say("Quality")),
        ui.Column(
            "register_kwh", say("Register"), "number", "kWh", places=3, sort=True
        ),
        ui.Column("power_kw", say("Load"), "number", "kW", places=3, sort=True),
        ui.Column("current_kwh", say("Month up to then"), "number", "kWh", places=3),
        ui.Column("mark", say("Mark")),
        ui.Column("channel", say("Channel"), hidden=True),
        ui.Column("voltage", say("Voltage"), "number", "V", hidden=True),
        ui.Column("current", say("Current"), "number", "A", hidden=True),
    ),
    key="id",
    sort="-at",
    filters=(
        ui.Filter(
            "kind",
            say("Quality"),
            (
                *named_options(QUALITY_LEVELS),
                ("failed", say("failed polls")),
            ),
        ),
    ),
    live=COLLECTED,
    empty=say("Nothing was read yet; the next poll comes by itself."),
)


async def _settings(ctx: _Context, params: ui.Params) -> list[ui.Fact]:
    found = await endpoint_of(ctx, params)
    return [
        ui.Fact(say("Address"), f"{found.method} {found.url}", "code"),
        ui.Fact(say("Fetched by"), _CLIENTS[found.client]),
        ui.Fact(say("Login"), _login(found)),
        ui.Fact(say("Certificate"), _CERTIFICATES[found.tls_mode]),
        ui.Fact(say("Polled every"), found.interval_s, "duration"),
        ui.Fact(say("Given up after"), found.timeout_s, "duration"),
        ui.Fact(say("Days and months"), found.tz),
        ui.Fact(say("Never more than"), found.max_kw, unit="kW"),
        ui.Fact(say("Register times"), found.multiplier),
        ui.Fact(say("Location"), found.location or ""),
        ui.Fact(say("Client"), found.client_name or ""),
        ui.Fact(say("Kind"), found.kind),
        ui.Fact(say("May bill final customers"), found.certified),
        ui.Fact(say("Set up"), found.created_at, "time"),
        ui.Fact(say("Changed"), found.updated_at, "time"),
    ]


def _login(endpoint: EndpointView) -> object:
    auth = endpoint.auth
    if auth.locked:
        words = say("refused twice: it is asked again when the login is changed")
        return ui.State(say("paused"), "bad", words)
    if auth.type == "none":
        return "none"
    return f"{auth.type} as {auth.username}" if auth.username else auth.type


_CLIENTS: Final = {"http": "plain HTTP", "browser": "a browser"}
_CERTIFICATES: Final = {
    "verify": "checked",
    "pinned": "this one and no other",
    "insecure": ui.State(
        say("not checked"), "warning", say("anybody could answer in its place")
    ),
}

SETTINGS: Final = ui.Detail(say("Set-up"), _settings, permission=READ_ENDPOINTS)


async def _rules(ctx: _Context, params: ui.Params) -> list[dict[str, object]]:
    endpoint = await endpoint_of(ctx, params)
    return [
        {
            "version": each.version,
            "state": _current(is_current=each.is_current),
            "created_at": each.created_at,
            "created_by": each.created_by or "unknown",
            "note": each.note,
            "rules": msgspec.json.format(bytes(each.rules), indent=0).decode(),
        }
        for each in await endpoints.rule_versions(ctx, endpoint.id)
    ]


def _current(*, is_current: bool) -> ui.State:
    return ui.State(say("in use"), "ok") if is_current else ui.State(say("former"))


RULES: Final = ui.Table(
    say("Rules"),
    _rules,
    (
        ui.Column("version", say("Version"), "number", sort=True),
        ui.Column("state", say("State")),
        ui.Column("created_at", say("Since"), "time"),
        ui.Column("created_by", say("By")),
        ui.Column("note", say("Why")),
        ui.Column("rules", say("Rule"), "code"),
    ),
    key="version",
    sort="-version",
    permission=READ_ENDPOINTS,
)
