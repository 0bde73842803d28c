"""What the plugin declares fits what it adds."""

from __future__ import annotations

import inspect
import re
from importlib.resources import files
from typing import Any

import msgspec
import pytest

from nxforge_consumption_monitor import plugin
from nxforge_consumption_monitor.models import (
    ChannelRow,
    EventRow,
    Mend,
    RollupRow,
    RoundRow,
)
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store import SQL
from nxforge_core.api import decode_manifest
from nxforge_core.api.pages import all_widgets
from nxforge_core.host._application import build_application

_MANIFEST = decode_manifest(
    files("nxforge_consumption_monitor").joinpath("manifest.json").read_bytes()
)


def test_manifest_declares_exactly_the_permissions_that_routes_and_pages_need() -> None:
    """No route needs what nobody can grant, and nothing is granted in vain."""
    needed = {route.permission for route in plugin.nxforge_routes()}
    for page in plugin.nxforge_pages():
        widgets = all_widgets(page.body)
        needed |= {page.permission, *(each.permission for each in widgets)} - {None}
    assert needed == {each.name for each in _MANIFEST.permissions}


def test_every_route_needs_a_permission() -> None:
    """Nothing of the plugin is public."""
    assert not any(route.public for route in plugin.nxforge_routes())


def test_every_route_can_be_mounted() -> None:
    """A host binds them: no parameter has a name that the framework keeps."""
    access: Any = None
    context: Any = None
    build_application(plugin.nxforge_routes(), "/m", context, access)


def test_readers_hold_no_write_permission() -> None:
    """A viewer can look and change nothing."""
    held = {each.name for each in _MANIFEST.permissions if "viewer" in each.roles}
    assert held == {
        "consumption-monitor:endpoints:read",
        "consumption-monitor:readings:read",
        "consumption-monitor:tariffs:read",
    }


def test_jobs_have_defaults_for_every_parameter() -> None:
    """A scheduled run needs nobody to fill in a parameter."""
    jobs = plugin.nxforge_jobs()
    assert [job.name for job in jobs] == [
        "collect-consumption",
        "poll-endpoints",
        "cleanup-readings",
        "verify-rollups",
        "recompute-history",
        "watch-endpoints",
        "deliver-webhooks",
        "make-reports",
    ]
    for job in jobs:
        job.params()
        assert inspect.iscoroutinefunction(job.handler)


def test_settings_refuse_what_would_stop_collection() -> None:
    """An interval below 5 s or no concurrency at all is refused when it is read."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"interval_s": 1}, MonitorSettings)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"concurrency": 0}, MonitorSettings)


def test_write_of_a_round_names_every_field_of_the_structs() -> None:
    """Fields are matched by name: one that SQL does not name would become null."""
    lists = re.findall(r"\) as [ocm] \(([^)]*)\)", SQL.store_round + SQL.mend_readings)
    named = [{part.split()[0] for part in each.split(",")} for each in lists]
    structs = (RoundRow, ChannelRow, Mend)
    assert named == [set(each.__struct_fields__) for each in structs]


@pytest.mark.parametrize("struct", [RoundRow, ChannelRow])
def test_write_of_a_round_knows_what_is_as_usual(struct: type[msgspec.Struct]) -> None:
    """Fields at their default are not sent: SQL has the same default."""
    usual = {
        field.name: field.default
        for field in msgspec.structs.fields(struct)
        if field.default not in {None, msgspec.NODEFAULT}
    }
    assert usual
    for name, default in usual.items():
        shown = f"'{default}'" if isinstance(default, str) else str(default).lower()
        [found] = re.findall(
            rf"coalesce\((?:c\.)?{name}, (\S+)\) as {name}\b", SQL.store_round
        )
        assert found == shown


@pytest.mark.parametrize(
    ("statement", "table", "columns"),
    [
        (SQL.store_round, "closed_rollup as u", {*RollupRow.__struct_fields__}),
        (SQL.rewrite_rollups, "closed_rollup as u", {*RollupRow.__struct_fields__}),
        (SQL.store_round, "meter_event", {*EventRow.__struct_fields__, "origin"}),
        (SQL.propose_events, "meter_event", {*EventRow.__struct_fields__, "origin"}),
    ],
)
def test_rows_are_written_with_every_field(
    statement: str, table: str, columns: set[str]
) -> None:
    """A field that a statement forgets would be lost on the way."""
    [found] = re.findall(rf"insert into {table} \(([^)]*)\)", statement)
    assert {part.strip() for part in found.split(",")} == columns
